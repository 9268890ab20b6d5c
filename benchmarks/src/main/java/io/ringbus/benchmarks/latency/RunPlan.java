package io.ringbus.benchmarks.latency;

import io.ringbus.engine.WaitMode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One run: who, at which rate, for how long.
 *
 * @param contender     who carries the events
 * @param journal       whether they are journaled, and how safely
 * @param ratePerSecond how many events are due in a second, 1 to 100,000,000
 * @param times         for how long, and how late
 * @param waitMode      how the publisher and all stages wait
 * @param payloadBytes  the size of an event, a positive multiple of 8
 */
public record RunPlan(Contender contender, JournalMode journal, long ratePerSecond, Times times, WaitMode waitMode,
        int payloadBytes) {

    private static final long MAX_RATE = 100_000_000;

    /**
     * Checks the values.
     *
     * @param contender     any that has a run of its own in this mode
     * @param journal       any
     * @param ratePerSecond 1 to 100,000,000
     * @param times         checked already
     * @param waitMode      any
     * @param payloadBytes  a positive multiple of 8
     */
    public RunPlan {
        require(ratePerSecond >= 1 && ratePerSecond <= MAX_RATE, "a rate is from 1 to " + MAX_RATE + " per second",
                "rate", ratePerSecond);
        require(payloadBytes >= Long.BYTES && payloadBytes % Long.BYTES == 0,
                "a payload is one or more words of " + Long.BYTES + " bytes", "payload", payloadBytes);
        require(contender.runsWith(journal), contender + " has no run of its own in this mode", "journal", journal);
    }

    /**
     * How long things take.
     *
     * @param warmUp   runs before the measurement, and is discarded; zero or more
     * @param measured is measured; more than zero, at most an hour
     * @param behind   by how much the publisher, or the last handling, may be late before the run is called invalid;
     *                 more than zero
     */
    public record Times(Duration warmUp, Duration measured, Duration behind) {

        /**
         * Checks the values.
         *
         * @param warmUp   zero or more
         * @param measured more than zero, at most an hour
         * @param behind   more than zero
         */
        public Times {
            require(!warmUp.isNegative(), "a warm-up takes no time or some", "warmUp", warmUp);
            require(measured.compareTo(Duration.ZERO) > 0 && measured.compareTo(Duration.ofHours(1)) <= 0,
                    "a measurement takes more than no time and at most an hour", "measured", measured);
            require(behind.compareTo(Duration.ZERO) > 0, "some lateness must be allowed", "behind", behind);
        }
    }

    /**
     * What tells this run from the others of a series.
     *
     * @return contender, journal and rate
     */
    public String name() {
        return contender + "-" + journal + "-" + ratePerSecond;
    }

    /**
     * How long it takes when all goes well.
     *
     * @return warm-up and measurement
     */
    Duration duration() {
        return times.warmUp().plus(times.measured());
    }

    /**
     * What {@link #of(Map)} reads.
     *
     * @return names and values, durations in milliseconds
     */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("contender", contender.label());
        map.put("journal", journal.name());
        map.put("ratePerSecond", ratePerSecond);
        map.put("warmUpMillis", times.warmUp().toMillis());
        map.put("measuredMillis", times.measured().toMillis());
        map.put("behindMillis", times.behind().toMillis());
        map.put("waitMode", waitMode.name());
        map.put("payloadBytes", payloadBytes);
        return map;
    }

    /**
     * A plan from what {@link #toMap()} gave.
     *
     * @param map may hold more
     * @return the plan
     */
    static RunPlan of(Map<String, Object> map) {
        return new RunPlan(Contender.labelled(Json.text(map, "contender")),
                JournalMode.valueOf(Json.text(map, "journal")), Json.number(map, "ratePerSecond"),
                new Times(Duration.ofMillis(Json.number(map, "warmUpMillis")),
                        Duration.ofMillis(Json.number(map, "measuredMillis")),
                        Duration.ofMillis(Json.number(map, "behindMillis"))),
                WaitMode.valueOf(Json.text(map, "waitMode")), Math.toIntExact(Json.number(map, "payloadBytes")));
    }

    private static void require(boolean holds, String rule, String what, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(rule + ": " + what + "=" + value);
        }
    }
}
