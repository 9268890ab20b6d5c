package io.ringbus.engine.ring;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a slot owns: an instance for each preallocated type, and bytes. */
class SlotTest {

    private static final int SLOT_BYTES = 16;
    private static final int SLOTS = 4;
    private static final String SHORT = "fits the slot";
    private static final String LONG = "is larger than what a slot keeps for an event";

    private final RegisteredType<StringBuilder> names = registered(0, "name");
    private final RegisteredType<StringBuilder> places = registered(1, "place");
    private final SlotFactory factory = new SlotFactory(List.of(names, places), SLOT_BYTES);
    private final Slot[] ring = factory.ring(SLOTS);
    private final Encoder encoder = new Encoder(new Publisher.Limits(true, 1_000, 1_000));

    @Test
    void shouldKeepTheInstancesOfItsTypesApart() {
        Slot slot = ring[1];
        StringBuilder name = put(slot, names, "Ada");
        StringBuilder place = put(slot, places, "London");
        assertThat(name).isNotSameAs(place);
        assertThat(put(slot, places, "Rome")).isSameAs(place);
        assertThat(put(slot, names, "Grace")).isSameAs(name);
        slot.clear();
        assertThat(put(slot, places, "Paris")).isSameAs(place);
    }

    @Test
    void shouldNotKeepTheInstanceThatWentToAnotherSlot() {
        Slot spare = factory.spare();
        StringBuilder before = put(ring[1], names, "before");
        StringBuilder given = put(spare, names, "given");
        ring[1].takeFrom(spare);
        assertThat(ring[1].event).isSameAs(given);
        assertThat(put(spare, names, "next")).isSameAs(before);
        assertThat(given).hasToString("given");
        assertThat(put(ring[1], names, "again")).isSameAs(given);
    }

    @Test
    void shouldBePlainOnlyWithoutAggregateCauseAndId() {
        Slot slot = ring[1];
        put(slot, names, SHORT);
        assertThat(slot.isPlain()).isTrue();
        slot.belongTo("order");
        assertThat(slot.isPlain()).as("with an aggregate").isFalse();
        slot.belongTo(null);
        slot.causedBy(1, "risk", 0);
        assertThat(slot.isPlain()).as("with a cause").isFalse();
        slot.clear();
        assertThat(slot.isPlain()).as("cleared").isTrue();
        slot.identify(0, 1);
        assertThat(slot.isPlain()).as("with an id").isFalse();
    }

    @Test
    void shouldHaveTheBytesOfItsEventAndNoOthers() {
        for (Slot slot : ring) {
            put(slot, names, "slot " + slot.index());
        }
        for (Slot slot : ring) {
            assertThat(payload(slot)).isEqualTo(copy(slot)).isEqualTo("slot " + slot.index());
        }
    }

    @Test
    void shouldBringLargerBytesOfItsOwnAndLetGoOfThem() {
        Slot slot = ring[2];
        put(slot, names, LONG);
        assertThat(payload(slot)).isEqualTo(copy(slot)).isEqualTo(LONG);
        slot.clear();
        put(slot, names, SHORT);
        assertThat(payload(slot)).isEqualTo(copy(slot)).isEqualTo(SHORT);
        assertThat(slot.payload().capacity()).isEqualTo(SLOT_BYTES);
    }

    @Test
    void shouldHaveItsOwnBytesAgainWhenUsedAgainWithoutBeingCleared() {
        Slot spare = factory.spare();
        put(spare, names, LONG);
        put(spare, names, SHORT);
        assertThat(payload(spare)).isEqualTo(copy(spare)).isEqualTo(SHORT);
    }

    @Test
    void shouldTakeOverBytesOfAnyLength() {
        for (String text : List.of(SHORT, LONG, "")) {
            Slot spare = factory.spare();
            put(spare, names, text);
            ring[3].takeFrom(spare);
            assertThat(payload(ring[3])).isEqualTo(copy(ring[3])).isEqualTo(text);
            ring[3].clear();
        }
    }

    @Test
    void shouldGiveItsBytesWhateverStateTheCodecLeftTheBufferIn() {
        RegisteredType<StringBuilder> careless = new RegisteredType<>(0, names.type(), new CarelessCodec(), 0);
        put(ring[0], careless, SHORT);
        assertThat(payload(ring[0])).isEqualTo(copy(ring[0])).isEqualTo(SHORT);
        assertThat(ring[0].payload().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }

    private StringBuilder put(Slot slot, RegisteredType<StringBuilder> type, String text) {
        StringBuilder event = type.preallocated(slot);
        event.setLength(0);
        event.append(text);
        encoder.describe(slot, type, event);
        return event;
    }

    private static String payload(Slot slot) {
        byte[] bytes = new byte[slot.payloadLength()];
        slot.payload().get(0, bytes);
        return new String(bytes, US_ASCII);
    }

    private static String copy(Slot slot) {
        ByteBuffer target = ByteBuffer.allocate(1 + slot.payloadLength());
        slot.copyPayload(target, 1);
        return new String(target.array(), 1, slot.payloadLength(), US_ASCII);
    }

    private static RegisteredType<StringBuilder> registered(int index, String name) {
        return new RegisteredType<>(index, EventType.named(name, StringBuilder.class)
                .preallocated(StringBuilder::new, (from, to) -> to.append(from)), new TextCodec(), index);
    }

    private static class TextCodec implements EventCodec<StringBuilder> {

        @Override
        public void encode(StringBuilder event, ByteBuffer target) {
            target.put(event.toString().getBytes(US_ASCII));
        }

        @Override
        public StringBuilder decode(ByteBuffer source, int version, StringBuilder reuse) {
            throw new UnsupportedOperationException("nothing is decoded here");
        }
    }

    /** Leaves the buffer with another order, and a limit right behind what it wrote. */
    private static final class CarelessCodec extends TextCodec {

        @Override
        public void encode(StringBuilder event, ByteBuffer target) {
            super.encode(event, target.order(ByteOrder.BIG_ENDIAN));
            target.limit(target.position());
        }
    }
}
