package io.ringbus.journal.policy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.OptionalInt;

/**
 * How long one file of the journal is written to, in UTC. Chosen once per journal: another one is refused later.
 *
 * <p>A file is what can be archived, and what opening the journal verifies: a longer cycle makes fewer files and a
 * longer start. Each holds at least 2<sup>29</sup> batches.
 */
public enum RollCycle {
    /** A file for five minutes: for fast archiving, and for tests. */
    FIVE_MINUTELY(300_000, "yyyyMMdd-HHmm'V'"),
    /** A file per hour. The default: at a million events a second it is still verified within seconds. */
    HOURLY(3_600_000, "yyyyMMdd-HH'F'"),
    /** A file per day: for journals that grow slowly. */
    DAILY(86_400_000, "yyyyMMdd'F'");

    private final long lengthMillis;
    private final String pattern;
    private final DateTimeFormatter format;

    RollCycle(long lengthMillis, String pattern) {
        this.lengthMillis = lengthMillis;
        this.pattern = pattern;
        this.format = new DateTimeFormatterBuilder().appendPattern(pattern)
                .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
                .toFormatter(java.util.Locale.ROOT)
                .withZone(ZoneOffset.UTC);
    }

    /**
     * The length of a cycle.
     *
     * @return milliseconds
     */
    public long lengthMillis() {
        return lengthMillis;
    }

    /**
     * The form of a file's name, without its suffix.
     *
     * @return a pattern of {@link DateTimeFormatter}
     */
    public String pattern() {
        return pattern;
    }

    /**
     * The cycle of an instant.
     *
     * @param epochMillis milliseconds since the epoch, not negative
     * @return the number of the cycle since the epoch
     */
    public int cycleAt(long epochMillis) {
        return Math.toIntExact(Math.floorDiv(epochMillis, lengthMillis));
    }

    /**
     * The instant a cycle begins at.
     *
     * @param cycle the number of the cycle since the epoch
     * @return milliseconds since the epoch
     */
    public long startMillis(int cycle) {
        return cycle * lengthMillis;
    }

    /**
     * The name of a cycle's file, without its suffix.
     *
     * @param cycle the number of the cycle since the epoch
     * @return such as {@code 20260131-09F}
     */
    public String nameOf(int cycle) {
        return format.format(Instant.ofEpochMilli(startMillis(cycle)));
    }

    /**
     * The cycle that a file's name stands for.
     *
     * @param name the name without its suffix
     * @return the cycle, or nothing when no file of this roll cycle has such a name
     */
    public OptionalInt cycleOf(String name) {
        try {
            long millis = LocalDateTime.parse(name, format).toInstant(ZoneOffset.UTC).toEpochMilli();
            int cycle = cycleAt(millis);
            return name.equals(nameOf(cycle)) ? OptionalInt.of(cycle) : OptionalInt.empty();
        } catch (DateTimeParseException e) {
            return OptionalInt.empty();
        }
    }
}
