package io.ringbus.journal.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The readers of one record: today's, and one for each older layout that was met. Thread-safe.
 */
final class Readers {

    /** A record seldom has more former selves; beyond, each event pays for a reader of its own. */
    private static final int MAX_KEPT = 64;

    private final RecordType type;
    private final Reader today;
    private final Map<ByteBuffer, Reader> older = new ConcurrentHashMap<>();
    /** A replay reads many events of one layout in a row. Any thread may set it; a stale one costs a look-up. */
    private volatile Reader last;

    private record Reader(byte[] head, MethodHandle handle) {
    }

    Readers(RecordType type, byte[] head) {
        this.type = type;
        this.today = new Reader(head, handle(type.layout()));
        this.last = today;
    }

    /** The reader for the event at the buffer's position, (buffer) to object; the position moves to the values. */
    MethodHandle position(ByteBuffer source) {
        Reader reader = last;
        if (!Head.startsWith(source, reader.head)) {
            reader = find(source);
            last = reader;
        }
        source.position(source.position() + reader.head.length);
        return reader.handle;
    }

    private Reader find(ByteBuffer source) {
        if (Head.startsWith(source, today.head)) {
            return today;
        }
        byte[] head = Head.copy(source);
        ByteBuffer key = ByteBuffer.wrap(head);
        Reader known = older.get(key);
        if (known != null) {
            return known;
        }
        Reader reader = new Reader(head, handle(Head.layout(head)));
        if (older.size() < MAX_KEPT) {
            older.put(key, reader);
        }
        return reader;
    }

    private MethodHandle handle(Layout written) {
        return type.reader(written, type.javaClass().getSimpleName())
                .asType(MethodType.methodType(Object.class, ByteBuffer.class));
    }
}
