package io.ringbus.journal.codec;

import io.ringbus.journal.codec.Samples.Rich;

import org.junit.jupiter.api.Test;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RecordCodecRoundTripTest {

    private static final int EVENTS = 5_000;

    private final RecordCodec<Rich> codec = RecordCodec.of(Rich.class);

    record Bytes(byte[] content) {
    }

    record Nothing() {
    }

    record Everywhere(Nothing one, List<Nothing> many) {
    }

    private record Hidden(int value) {
    }

    record Tags(List<String> list, Set<String> set, Map<String, Integer> map) {
    }

    record Text(String text) {
    }

    @Test
    void shouldGiveBackEachRandomRecord() {
        Samples samples = new Samples(1);
        for (int i = 0; i < EVENTS; i++) {
            Rich event = samples.rich();
            assertThat(Samples.event(codec, Samples.bytes(codec, event))).isEqualTo(event);
        }
    }

    @Test
    void shouldWriteTheSameBytesAgainForWhatItReadBack() {
        Samples samples = new Samples(2);
        for (int i = 0; i < EVENTS; i++) {
            byte[] bytes = Samples.bytes(codec, samples.rich());
            assertThat(Samples.bytes(codec, Samples.event(codec, bytes))).isEqualTo(bytes);
        }
    }

    @Test
    void shouldWriteTheSameBytesIntoAnyKindOfBuffer() {
        Samples samples = new Samples(3);
        for (int i = 0; i < EVENTS / 10; i++) {
            Rich event = samples.rich();
            byte[] bytes = Samples.bytes(codec, event);
            ByteBuffer sliced = ByteBuffer.allocate(Samples.ROOM).position(13).slice();
            for (ByteBuffer buffer : List.of(ByteBuffer.allocateDirect(Samples.ROOM), sliced)) {
                buffer.position(5);
                codec.encode(event, buffer);
                assertThat(buffer.position()).isEqualTo(5 + bytes.length);
                assertThat(buffer.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
                ByteBuffer written = buffer.flip().position(5);
                assertThat(ByteBuffer.wrap(bytes)).isEqualTo(written);
                assertThat(codec.decode(written.asReadOnlyBuffer(), 1, null)).isEqualTo(event);
                assertThat(codec.decode(written, 1, null)).isEqualTo(event);
                assertThat(written.hasRemaining()).isFalse();
            }
        }
    }

    @Test
    void shouldLetTheCallBeRepeatedWithALargerBufferWhenTheEventDoesNotFit() {
        Samples samples = new Samples(4);
        for (int i = 0; i < 20; i++) {
            Rich event = samples.rich();
            byte[] bytes = Samples.bytes(codec, event);
            for (int room = 0; room < bytes.length; room++) {
                ByteBuffer small = ByteBuffer.allocate(room + 3).position(3);
                assertThatThrownBy(() -> codec.encode(event, small)).isInstanceOf(BufferOverflowException.class);
                assertThat(small.position()).isEqualTo(3);
            }
            ByteBuffer fitting = ByteBuffer.allocate(bytes.length);
            codec.encode(event, fitting);
            assertThat(fitting.array()).isEqualTo(bytes);
        }
    }

    @Test
    void shouldWriteTheSameBytesForEqualCollectionsOfAnyClassAndOrder() {
        RecordCodec<Tags> tags = RecordCodec.of(Tags.class);
        Set<String> backwards = new LinkedHashSet<>(List.of("c", "bb", "a"));
        Map<String, Integer> map = new LinkedHashMap<>();
        map.put("z", 1);
        map.put("a", 2);
        map.put("mm", 3);
        Tags one = new Tags(List.of("x", "y"), Set.of("a", "bb", "c"), Map.of("a", 2, "mm", 3, "z", 1));
        Tags other = new Tags(new LinkedList<>(List.of("x", "y")), backwards, map);
        Tags third = new Tags(new ArrayList<>(List.of("0", "x", "y")).subList(1, 3), backwards, map);
        assertThat(Samples.bytes(tags, other)).isEqualTo(Samples.bytes(tags, one))
                .isEqualTo(Samples.bytes(tags, third));
        assertThat(Samples.event(tags, Samples.bytes(tags, third))).isEqualTo(one);
    }

    @Test
    void shouldReadCollectionsThatNobodyCanChange() {
        RecordCodec<Tags> tags = RecordCodec.of(Tags.class);
        Tags read = Samples.event(tags, Samples.bytes(tags, new Tags(List.of("x"), Set.of("a"), Map.of("k", 1))));
        assertThatThrownBy(() -> read.list().set(0, "y")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> read.set().add("y")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> read.map().put("y", 1)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void shouldGiveBackBytesAndRecordsWithoutComponentsAndHiddenOnes() {
        RecordCodec<Bytes> bytes = RecordCodec.of(Bytes.class);
        byte[] content = {1, 2, -3};
        assertThat(Samples.event(bytes, Samples.bytes(bytes, new Bytes(content))).content()).isEqualTo(content);
        assertThat(Samples.event(bytes, Samples.bytes(bytes, new Bytes(null))).content()).isNull();
        Everywhere nothings = new Everywhere(new Nothing(), List.of(new Nothing(), new Nothing()));
        assertThat(Samples.reread(nothings, Everywhere.class, Everywhere.class)).isEqualTo(nothings);
        assertThat(Samples.reread(new Nothing(), Nothing.class, Nothing.class)).isEqualTo(new Nothing());
        assertThat(Samples.reread(new Hidden(4), Hidden.class, Hidden.class)).isEqualTo(new Hidden(4));
    }

    @Test
    void shouldGiveBackATextAsItWasEvenWithHalfACharacter() {
        for (String text : List.of("", "plain", "\u00e9\u00ff", "\u0100", "a\ud83d", "\udc00\ud83d", "\ud83d\ude00",
                "x".repeat(10_000), "\u4e2d".repeat(10_000))) {
            assertThat(Samples.reread(new Text(text), Text.class, Text.class).text()).isEqualTo(text);
        }
    }
}
