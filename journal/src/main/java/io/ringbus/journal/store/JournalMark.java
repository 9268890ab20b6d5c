package io.ringbus.journal.store;

import io.ringbus.engine.error.JournalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;

/**
 * How far the queues had come when a file of one of them was begun, or when the journal was closed: text in
 * {@value #FILE}, replaced as a whole. The chain shows what is missing between two batches; this shows what is missing
 * behind the last one. Losing the file loses only that.
 */
public final class JournalMark {

    /** The name of the file. */
    public static final String FILE = "journal.mark";

    private static final String SESSION = ".session";
    private static final String CYCLE = ".cycle";
    private static final String ORDINAL = ".ordinal";
    private static final String SEQUENCE = ".sequence";
    private static final String FORCED = ".forced";

    private final Path path;

    /**
     * The mark of a journal.
     *
     * @param journal the journal's directory
     */
    public JournalMark(Path journal) {
        this.path = journal.resolve(FILE);
    }

    /**
     * Reads what is known of the queues.
     *
     * @param findings told when the file is missing or not readable
     * @return by the queue's name; empty when nothing is known
     */
    public Map<String, QueueMark> read(Consumer<String> findings) {
        Map<String, QueueMark> marks = new LinkedHashMap<>();
        if (Files.notExists(path)) {
            findings.accept("the mark of how far the journal had come is missing; a loss at its end might go unnoticed:"
                    + " file=" + path);
            return marks;
        }
        try {
            Properties properties = PropertiesFile.read(path);
            if (!PropertiesFile.isIntact(path)) {
                throw new IOException("the checksum does not fit: file=" + path);
            }
            for (String key : properties.stringPropertyNames()) {
                if (key.endsWith(SESSION)) {
                    String queue = key.substring(0, key.length() - SESSION.length());
                    marks.put(queue, new QueueMark(new FileId(Integer.parseInt(properties.getProperty(key)),
                                    Integer.parseInt(properties.getProperty(queue + CYCLE))),
                            Long.parseLong(properties.getProperty(queue + ORDINAL)),
                            Long.parseLong(properties.getProperty(queue + SEQUENCE)),
                            Boolean.parseBoolean(properties.getProperty(queue + FORCED))));
                }
            }
        } catch (IOException | NumberFormatException e) {
            findings.accept("the mark of how far the journal had come is damaged; a loss at its end might go unnoticed:"
                    + " file=" + path);
            marks.clear();
        }
        return marks;
    }

    /**
     * Replaces the mark.
     *
     * @param marks  by the queue's name
     * @param forced whether to force it to disk
     */
    public void write(Map<String, QueueMark> marks, boolean forced) {
        Map<String, Object> entries = new LinkedHashMap<>();
        marks.forEach((queue, mark) -> {
            entries.put(queue + SESSION, mark.file().session());
            entries.put(queue + CYCLE, mark.file().cycle());
            entries.put(queue + ORDINAL, mark.ordinal());
            entries.put(queue + SEQUENCE, mark.sequence());
            entries.put(queue + FORCED, mark.isForced());
        });
        Interrupts interrupts = new Interrupts();
        try {
            interrupts.repeat(() -> PropertiesFile.write(path, entries, forced));
        } catch (IOException e) {
            throw new JournalException("cannot write how far the journal has come: file=" + path, e);
        } finally {
            interrupts.giveBack();
        }
    }
}
