package io.ringbus.journal.store;

import io.ringbus.engine.error.JournalAccessException;
import io.ringbus.engine.error.JournalFormatException;
import io.ringbus.journal.format.BatchHeader;
import io.ringbus.journal.policy.RollCycle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * What holds for a journal from its making on, as text in {@value #FILE}.
 *
 * @param formatVersion the version of the format that the journal was made with; its batches can be of later ones
 * @param rollCycle     how long one file is written to
 * @param journalId     drawn when the journal was made; each batch carries it
 */
public record Manifest(int formatVersion, RollCycle rollCycle, long journalId) {

    /** The name of the file. */
    public static final String FILE = "journal.properties";

    private static final String FORMAT = "format.version";
    private static final String ROLL_CYCLE = "roll.cycle";
    private static final String ID = "journal.id";
    private static final String CREATED = "created";

    /**
     * Reads the manifest.
     *
     * @param journal the journal's directory
     * @return the manifest, or null when there is none, and nothing that would need one
     * @throws JournalFormatException when a newer version wrote it, or it is not readable as a manifest, or is missing
     */
    public static Manifest read(Path journal) {
        Path path = journal.resolve(FILE);
        if (Files.notExists(path)) {
            if (Files.exists(journal.resolve(QueueShape.EVENTS))
                    || Files.exists(journal.resolve(QueueShape.OUTCOMES))) {
                throw new JournalFormatException("the journal's manifest is missing, but there are files that it"
                        + " belongs to; restore it, or use an empty directory: file=" + path);
            }
            return null;
        }
        Properties properties;
        boolean intact;
        try {
            properties = PropertiesFile.read(path);
            intact = PropertiesFile.isIntact(path);
        } catch (IOException e) {
            throw new JournalAccessException("cannot read the journal's manifest: file=" + path, e);
        }
        int version = (int) number(path, properties, FORMAT, 10);
        if (version > BatchHeader.VERSION || version < 1) {
            throw new JournalFormatException("the journal was written in another format; use the version that wrote it,"
                    + " or a later one: file=" + path + ", supported=" + BatchHeader.VERSION + ", " + FORMAT + "="
                    + version);
        }
        if (!intact) {
            throw new JournalFormatException("the journal's manifest is damaged: its checksum does not fit; restore the"
                    + " file: file=" + path);
        }
        String cycle = properties.getProperty(ROLL_CYCLE, "");
        try {
            return new Manifest(version, RollCycle.valueOf(cycle), number(path, properties, ID, 16));
        } catch (IllegalArgumentException e) {
            throw new JournalFormatException("the journal's manifest names no roll cycle that is known; restore the"
                    + " file: file=" + path + ", " + ROLL_CYCLE + "=" + cycle, e);
        }
    }

    /**
     * Makes a manifest for a new journal.
     *
     * @param journal   the journal's directory
     * @param rollCycle the roll cycle
     * @param now       the time
     * @return the manifest, on disk
     */
    public static Manifest create(Path journal, RollCycle rollCycle, Instant now) {
        Manifest manifest = new Manifest(BatchHeader.VERSION, rollCycle, new SecureRandom().nextLong());
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put(FORMAT, manifest.formatVersion);
        entries.put(ROLL_CYCLE, manifest.rollCycle);
        entries.put(ID, Long.toHexString(manifest.journalId));
        entries.put(CREATED, now);
        try {
            PropertiesFile.write(journal.resolve(FILE), entries, true);
        } catch (IOException e) {
            throw new JournalAccessException("cannot write the journal's manifest: file=" + journal.resolve(FILE), e);
        }
        return manifest;
    }

    /**
     * Refuses a roll cycle that is not the journal's.
     *
     * @param journal    the journal's directory
     * @param configured the roll cycle that was asked for
     * @throws JournalFormatException when it is another one
     */
    public void refuseOther(Path journal, RollCycle configured) {
        if (configured != rollCycle) {
            throw new JournalFormatException("the journal has another roll cycle; configure that one: directory="
                    + journal + ", rollCycle=" + rollCycle + ", configured=" + configured);
        }
    }

    private static long number(Path path, Properties properties, String key, int radix) {
        String value = properties.getProperty(key, "");
        try {
            return radix == 16 ? Long.parseUnsignedLong(value.trim(), radix) : Integer.parseInt(value.trim());
        } catch (NumberFormatException e) {
            throw new JournalFormatException("the journal's manifest is damaged; restore the file: file=" + path + ", "
                    + key + "=" + value, e);
        }
    }
}
