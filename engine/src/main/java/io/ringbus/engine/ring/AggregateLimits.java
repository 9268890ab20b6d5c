package io.ringbus.engine.ring;

import io.ringbus.engine.error.EventTooLargeException;
import java.nio.charset.StandardCharsets;

/**
 * What the journal's frames have room for beside an event's own bytes. Looked at when publishing, because what the
 * journal stage cannot append stops the engine.
 */
final class AggregateLimits {

    private static final int MAX_TYPE_BYTES = 255;
    private static final int MAX_KEY_BYTES = 65_535;
    private static final int MOST_BYTES_PER_CHARACTER = 3;
    /** What a frame takes at most, apart from the event and the texts. */
    private static final int FRAME_BYTES = 80;

    private AggregateLimits() {
    }

    static void check(Slot slot, RegisteredType<?> type) {
        if (slot.aggregateType != null) {
            check("aggregate type", slot.aggregateType, MAX_TYPE_BYTES, type);
            if (slot.aggregateKey != null) {
                check("aggregate key", slot.aggregateKey, MAX_KEY_BYTES, type);
            }
        }
    }

    /** The most that a slot takes of a batch, in bytes. */
    static long batchBytes(Slot slot) {
        return FRAME_BYTES + (long) slot.payloadLength()
                + (slot.aggregateType == null ? 0 : atMost(slot.aggregateType))
                + (slot.aggregateKey == null ? 0 : atMost(slot.aggregateKey));
    }

    private static void check(String what, String text, int most, RegisteredType<?> type) {
        if (atMost(text) > most) {
            int bytes = text.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > most) {
                throw new EventTooLargeException("the event's " + what + " is longer than the journal takes, and"
                        + " the event"
                        + " was not published; make it shorter: type=" + type.type().name() + ", maximum=" + most
                        + ", bytes=" + bytes);
            }
        }
    }

    private static long atMost(String text) {
        return (long) text.length() * MOST_BYTES_PER_CHARACTER;
    }
}
