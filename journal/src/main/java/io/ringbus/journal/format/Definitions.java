package io.ringbus.journal.format;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The payload of the batch that stands at the head of each file.
 *
 * <pre>
 *   0                   4                   8                   12                  16
 *   +-------------------+-------------------+---------------------------------------+
 *   | session before    | cycle before      | written at, milliseconds since epoch  |
 *   +-------------------+-------------------+-------------------+-------------------+
 *16 | sync mode         | number of types   | per type: id (4), version (4), name,
 *   +-------------------+-------------------+   number of fields (4), names of fields
 *24 | …
 * </pre>
 *
 * <p>Session and cycle before name the file before this one; both are 0 in the first. A text is its length (2 bytes) and
 * UTF-8. The list of types is always the whole list, so a file can be read alone.
 * Sync mode is 1 when each batch of the session is forced to disk. Queues of outcomes have no types.
 *
 * @param sessionBefore the session of the file before this one; 0 for the first file
 * @param cycleBefore   the cycle of the file before this one; 0 for the first file
 * @param synced        whether each batch of the session is forced to disk
 * @param writtenAt     milliseconds since the epoch
 * @param types         all definitions so far
 */
public record Definitions(int sessionBefore, int cycleBefore, boolean synced, long writtenAt,
        List<TypeDefinition> types) {

    private static final int FIXED_BYTES = 24;

    /**
     * Copies the types.
     *
     * @param sessionBefore the session of the file before this one; 0 for the first file
 * @param cycleBefore   the cycle of the file before this one; 0 for the first file
     * @param synced        whether each batch of the session is forced to disk
     * @param writtenAt     milliseconds since the epoch
     * @param types         all definitions so far
     */
    public Definitions {
        types = List.copyOf(types);
    }

    /**
     * Writes into an empty batch.
     *
     * @param batch where to
     */
    public void writeTo(BatchBuilder batch) {
        int most = FIXED_BYTES;
        for (TypeDefinition type : types) {
            most += 14 + Utf8.maxLength(type.name());
            for (String field : type.fieldNames()) {
                most += 2 + Utf8.maxLength(field);
            }
        }
        if (!batch.reserve(most)) {
            throw new IllegalStateException("the type definitions do not fit one batch: types=" + types.size());
        }
        ByteBuffer buffer = batch.buffer();
        int at = batch.end();
        buffer.putInt(at, sessionBefore);
        buffer.putInt(at + 4, cycleBefore);
        buffer.putLong(at + 8, writtenAt);
        buffer.putInt(at + 16, synced ? 1 : 0);
        buffer.putInt(at + 20, types.size());
        at += FIXED_BYTES;
        for (TypeDefinition type : types) {
            buffer.putInt(at, type.id());
            buffer.putInt(at + 4, type.version());
            at = Utf8.putSized(buffer, at + 8, type.name());
            buffer.putInt(at, type.fieldNames().size());
            at += 4;
            for (String field : type.fieldNames()) {
                at = Utf8.putSized(buffer, at, field);
            }
        }
        batch.added(at);
    }

    /**
     * Reads a batch of this kind.
     *
     * @param batch a verified batch
     * @return what it says
     */
    public static Definitions readFrom(BatchView batch) {
        ByteBuffer buffer = batch.buffer();
        int at = batch.payloadOffset();
        int sessionBefore = buffer.getInt(at);
        int cycleBefore = buffer.getInt(at + 4);
        long writtenAt = buffer.getLong(at + 8);
        boolean synced = buffer.getInt(at + 16) == 1;
        int count = buffer.getInt(at + 20);
        at += FIXED_BYTES;
        List<TypeDefinition> types = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int id = buffer.getInt(at);
            int version = buffer.getInt(at + 4);
            at += 8;
            String name = Utf8.get(buffer, at + 2, Utf8.size(buffer, at));
            at += 2 + Utf8.size(buffer, at);
            int fieldCount = buffer.getInt(at);
            at += 4;
            List<String> fields = new ArrayList<>();
            for (int f = 0; f < fieldCount; f++) {
                fields.add(Utf8.get(buffer, at + 2, Utf8.size(buffer, at)));
                at += 2 + Utf8.size(buffer, at);
            }
            types.add(new TypeDefinition(id, name, version, fields));
        }
        return new Definitions(sessionBefore, cycleBefore, synced, writtenAt, types);
    }
}
