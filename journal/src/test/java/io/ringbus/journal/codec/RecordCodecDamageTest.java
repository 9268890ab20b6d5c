package io.ringbus.journal.codec;

import io.ringbus.engine.error.DecodingException;
import io.ringbus.journal.codec.Samples.Rich;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Whatever bytes come: a record of the class, or the typed error; nothing else, and no memory that they only claim. */
class RecordCodecDamageTest {

    private static final int FUZZED = 200_000;
    /** Each takes a reader of its own, milliseconds. */
    private static final int FORGED = 5_000;
    /** Far above what the largest sample takes, far below what a believed length would. */
    private static final long FEW_BYTES = 16L << 20;

    private final RecordCodec<Rich> codec = RecordCodec.of(Rich.class);
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Nothing but the bytes of a test names this class, so nothing else rings the bell. */
    static final class Alarm {

        static {
            AlarmBell.rung = true;
        }
    }

    private static final class AlarmBell {
        private static volatile boolean rung;
    }

    record Named(String name) {
    }

    record Lists(List<String> list) {
    }

    record Sets(Set<Integer> set, Map<Integer, String> map) {
    }

    @Test
    void shouldNoticeEachTruncationAndEachByteTooMany() {
        Samples samples = new Samples(7);
        for (int i = 0; i < 50; i++) {
            byte[] bytes = Samples.bytes(codec, samples.rich());
            for (int length = 0; length < bytes.length; length++) {
                assertRefused(Arrays.copyOf(bytes, length));
            }
            assertRefused(Arrays.copyOf(bytes, bytes.length + 1));
        }
    }

    @Test
    void shouldNoticeEachFlippedBitInTheNames() {
        byte[] bytes = Samples.bytes(codec, new Samples(8).rich());
        int head = Head.copy(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)).length;
        for (int bit = 0; bit < head * Byte.SIZE; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertRefused(flipped);
        }
    }

    @Test
    void shouldGiveARecordOrTheTypedErrorForRandomDamage() {
        Random random = new Random(9);
        Samples samples = new Samples(9);
        int refused = 0;
        byte[] bytes = {};
        for (int i = 0; i < FUZZED; i++) {
            bytes = i % 100 == 0 ? Samples.bytes(codec, samples.rich()) : bytes;
            refused += isRefused(damaged(bytes, random)) ? 1 : 0;
        }
        assertThat(refused).isBetween(FUZZED / 10, FUZZED);
    }

    /** With the checksum mended, the names and kinds themselves are at the mercy of the bytes. */
    @Test
    void shouldGiveARecordOrTheTypedErrorForForgedLayouts() {
        Random random = new Random(10);
        RecordCodec<Samples.Leg> legs = RecordCodec.of(Samples.Leg.class);
        byte[] bytes = Samples.bytes(legs, new Samples.Leg(1, new Samples.Venue("v", Optional.of(3)),
                BigDecimal.TEN, Samples.Side.BUY));
        for (int i = 0; i < FORGED; i++) {
            byte[] forged = mended(damaged(bytes, random));
            try {
                assertThat(Samples.event(legs, forged)).isInstanceOf(Samples.Leg.class);
            } catch (DecodingException e) {
                assertThat(e).hasMessageContaining("record=" + Samples.Leg.class.getName());
            }
        }
    }

    @Test
    void shouldRefuseRandomBytes() {
        Random random = new Random(11);
        for (int i = 0; i < FUZZED; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            assertRefused(bytes);
        }
    }

    @Test
    void shouldNotTouchAClassThatForeignBytesName() throws IOException {
        String name = RecordCodecDamageTest.class.getName() + "$Alarm";
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        try (ObjectOutputStream objects = new ObjectOutputStream(stream)) {
            objects.writeObject(new Thread.State[] {Thread.State.NEW});
            objects.writeUTF(name);
        }
        assertRefused(stream.toByteArray());
        RecordCodec<Named> named = RecordCodec.of(Named.class);
        assertThat(Samples.event(named, Samples.bytes(named, new Named(name))).name()).isEqualTo(name);
        ByteBuffer asComponent = ByteBuffer.allocate(300).put((byte) Kind.RECORD.code()).put((byte) 1);
        Wire.write(name, asComponent);
        asComponent.put((byte) Kind.STRING.code());
        assertThat(Samples.event(named, head(asComponent, new byte[] {2, 'x'}))).isEqualTo(new Named(null));
        assertThat(AlarmBell.rung).isFalse();
    }

    @Test
    void shouldNotBelieveALengthBeyondTheBytesThatAreThere() {
        byte[] huge = {1, -1, -1, -1, -1, 0x0F};
        for (Class<? extends Record> type : List.of(Named.class, Lists.class, Sets.class)) {
            assertHugeLengthRefused(type, huge);
        }
    }

    @Test
    void shouldRefuseElementsThatTakeNoBytes() {
        byte[] nothings = head(ByteBuffer.allocate(100).put((byte) Kind.RECORD.code()).put((byte) 1).put((byte) 2)
                .put((byte) 'x').put((byte) Kind.LIST.code()).put((byte) Kind.RECORD.code()).put((byte) 0),
                new byte[] {100});
        assertThatThrownBy(() -> Samples.event(RecordCodec.of(Lists.class), nothings))
                .isInstanceOf(DecodingException.class).hasMessageContaining("inside=LIST");
    }

    @Test
    void shouldRefuseLayoutsNestedWithoutEnd() {
        byte[] layout = new byte[60_000];
        Arrays.fill(layout, (byte) (Kind.LIST.code() | 0x80));
        assertThatThrownBy(() -> Samples.event(codec, head(ByteBuffer.allocate(70_000).put(layout), new byte[1])))
                .isInstanceOf(DecodingException.class).hasMessageContaining("depth=" + (Layout.MAX_DEPTH + 1));
    }

    @Test
    void shouldRefuseAnElementOrKeyThatStandsThereTwice() {
        RecordCodec<Sets> sets = RecordCodec.of(Sets.class);
        byte[] bytes = Samples.bytes(sets, new Sets(Set.of(1, 2), Map.of()));
        byte[] twice = bytes.clone();
        twice[bytes.length - 4] = twice[bytes.length - 3];
        assertThatThrownBy(() -> Samples.event(sets, twice)).isInstanceOf(DecodingException.class)
                .hasMessageContaining("element");
    }

    @Test
    void shouldSayWhenANewerFormWroteTheBytes() {
        byte[] bytes = Samples.bytes(codec, new Samples(12).rich());
        bytes[0] = 2;
        assertThatThrownBy(() -> Samples.event(codec, bytes)).isInstanceOf(DecodingException.class)
                .hasMessageContaining("form=2");
    }

    private <T extends Record> void assertHugeLengthRefused(Class<T> type, byte[] values) {
        RecordCodec<T> typed = RecordCodec.of(type);
        byte[] names = Head.of(type, new TypeResolver().record(type).layout());
        byte[] bytes = Arrays.copyOf(names, names.length + values.length);
        System.arraycopy(values, 0, bytes, names.length, values.length);
        long before = allocated();
        assertThatThrownBy(() -> Samples.event(typed, bytes)).isInstanceOf(DecodingException.class)
                .hasMessageContaining("a length is beyond");
        assertThat(allocated() - before).isLessThan(FEW_BYTES);
    }

    private void assertRefused(byte[] bytes) {
        assertThat(isRefused(bytes)).as("refused: %s", Arrays.toString(bytes)).isTrue();
    }

    private boolean isRefused(byte[] bytes) {
        long before = allocated();
        try {
            assertThat(Samples.event(codec, bytes)).isInstanceOf(Rich.class);
            return false;
        } catch (DecodingException e) {
            return true;
        } finally {
            assertThat(allocated() - before).isLessThan(FEW_BYTES);
        }
    }

    private long allocated() {
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        byte[] damaged = random.nextInt(5) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes.clone();
        for (int left = random.nextInt(4); left > 0 && damaged.length > 0; left--) {
            int at = random.nextInt(damaged.length);
            damaged[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (damaged[at] ^ 1 << random.nextInt(8));
        }
        return damaged;
    }

    private static byte[] head(ByteBuffer layout, byte[] values) {
        int length = layout.position();
        return mended(ByteBuffer.allocate(7 + length + values.length).order(ByteOrder.LITTLE_ENDIAN).put((byte) 1)
                .putInt(0).putShort((short) length).put(layout.flip()).put(values).array());
    }

    private static byte[] mended(byte[] bytes) {
        if (bytes.length < 7) {
            return bytes;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int end = Math.min(bytes.length, 7 + (buffer.getShort(5) & 0xFFFF));
        CRC32C crc = new CRC32C();
        crc.update(bytes, 5, end - 5);
        buffer.put(0, (byte) 1).putInt(1, (int) crc.getValue());
        return bytes;
    }
}
