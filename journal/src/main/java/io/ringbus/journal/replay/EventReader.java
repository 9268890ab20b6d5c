package io.ringbus.journal.replay;

import io.ringbus.engine.error.JournalDamagedException;
import io.ringbus.engine.event.EventType;
import io.ringbus.journal.format.BatchHeader;
import io.ringbus.journal.format.BatchView;
import io.ringbus.journal.format.Definitions;
import io.ringbus.journal.format.FrameView;
import io.ringbus.journal.format.TypeDefinition;
import io.ringbus.journal.format.TypeTable;
import io.ringbus.journal.store.BatchCursor;
import io.ringbus.journal.store.FileId;
import io.ringbus.journal.store.QueueReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads a range of events from a queue. One thread, one range at a time. */
public final class EventReader {

    private static final int NONE = -1;

    private final QueueReader queue;
    private final Map<String, Integer> indexes = new HashMap<>();
    private final TypeTable table = new TypeTable(List.of());
    private final FrameView frame = new FrameView();

    /** What the type id of the last event stands for: most events have the type of the one before. */
    private int resolvedId = NONE;
    private TypeDefinition resolvedType;
    private int resolvedIndex;

    private FileId file;
    private long lastSequence;
    private ForwardReading reading;

    /**
     * Reads from a queue of events.
     *
     * @param queue where from
     * @param types the registered types
     */
    public EventReader(QueueReader queue, List<EventType<?>> types) {
        this.queue = queue;
        for (int i = 0; i < types.size(); i++) {
            indexes.put(types.get(i).name(), i);
        }
    }

    /**
     * Reads a range of sequences.
     *
     * @param from           the first sequence wanted
     * @param to             the last sequence wanted
     * @param throughOrdinal the number of the last batch that is known to be there, or {@code Long.MAX_VALUE} to read
     *                       to the end, whatever it is
     * @param consumer       given each event
     */
    public void read(long from, long to, long throughOrdinal, Consumer<? super FrameView> consumer) {
        reading = new ForwardReading(throughOrdinal);
        try (BatchCursor cursor = queue.fromSequence(from)) {
            while (reading.advance(cursor)) {
                BatchView batch = cursor.batch();
                lastSequence = batch.lastSequence();
                file = cursor.fileId();
                if (batch.kind() == BatchHeader.DEFINITIONS) {
                    table.merge(Definitions.readFrom(batch).types());
                    resolvedId = NONE;
                } else if (batch.kind() == BatchHeader.EVENTS && batch.lastSequence() >= from) {
                    if (batch.firstSequence() > to || !deliver(cursor, from, to, consumer)) {
                        return;
                    }
                }
            }
        }
    }

    /**
     * The last sequence that was read.
     *
     * @return a sequence; 0 before the first
     */
    public long lastSequence() {
        return lastSequence;
    }

    /** How far the last reading came. */
    ForwardReading reading() {
        return reading;
    }

    private boolean deliver(BatchCursor cursor, long from, long to, Consumer<? super FrameView> consumer) {
        frame.open(cursor.batch(), cursor.path());
        while (frame.next()) {
            long sequence = frame.sequence();
            if (sequence > to) {
                return false;
            }
            if (sequence >= from) {
                if (frame.typeId() != resolvedId) {
                    resolve(frame.typeId(), sequence);
                }
                frame.resolve(resolvedType, resolvedIndex);
                consumer.accept(frame);
            }
        }
        return true;
    }

    private void resolve(int id, long sequence) {
        resolvedType = definition(id, sequence);
        resolvedIndex = indexes.getOrDefault(resolvedType.name(), -1);
        resolvedId = id;
    }

    private TypeDefinition definition(int id, long sequence) {
        TypeDefinition type = table.get(id);
        if (type == null) {
            loadDefinitions(queue.passingOver(file), true);
            type = table.get(id);
        }
        if (type == null) {
            // The head of the file is damaged; ids mean the same in all files.
            for (FileId other : queue.files()) {
                loadDefinitions(queue.passingOver(other), false);
            }
            type = table.get(id);
        }
        if (type == null) {
            throw new JournalDamagedException("no batch that can be read defines the event's type: sequence=" + sequence
                    + ", typeId=" + id);
        }
        return type;
    }

    /** A range that begins in the middle of a file has not passed the head, where all its types are defined. */
    private void loadDefinitions(BatchCursor source, boolean headOnly) {
        try (BatchCursor cursor = source) {
            while (cursor.next()) {
                if (cursor.batch().kind() == BatchHeader.DEFINITIONS) {
                    table.merge(Definitions.readFrom(cursor.batch()).types());
                }
                if (headOnly) {
                    return;
                }
            }
        }
    }
}
