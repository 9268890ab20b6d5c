package io.ringbus.journal.codec;

import io.ringbus.engine.error.DecodingException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** "There is one way to write each value, and every other one is refused on reading." */
class WireTest {

    @Test
    void shouldReadTheLongestNumbersThereAre() {
        assertThat(Wire.readUnsigned(bytes("ffffffffffffffffff01"))).isEqualTo(-1);
        assertThat(Wire.readLong(bytes("ffffffffffffffffff01"))).isEqualTo(Long.MIN_VALUE);
        assertThat(Wire.readInt(bytes("feffffff0f"))).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void shouldRefuseANumberWithMoreBytesThanItNeeds() {
        assertRefused(() -> Wire.readUnsigned(bytes("8000")), "last=0");
        assertRefused(() -> Wire.readUnsigned(bytes("ffffffffffffffffff00")), "last=0");
    }

    @Test
    void shouldRefuseANumberBeyondItsRange() {
        assertRefused(() -> Wire.readUnsigned(bytes("ffffffffffffffffff02")), "last=2");
        assertRefused(() -> Wire.readUnsigned(bytes("ffffffffffffffffffff01")), "longer than 64 bits");
        assertRefused(() -> Wire.readInt(bytes("8080808010")), "value=2147483648");
        assertRefused(() -> Wire.readShort(bytes("808004")), "value=32768");
        assertRefused(() -> Wire.readChar(bytes("808004")), "value=65536");
        assertRefused(() -> Wire.readInstant(bytes("008094ebdc03")), "value=1000000000");
        assertRefused(() -> Wire.readDuration(bytes("008094ebdc03")), "value=1000000000");
    }

    @Test
    void shouldRefuseABooleanThatIsNeither() {
        assertRefused(() -> Wire.readBoolean(bytes("02")), "value=2");
        assertRefused(() -> Wire.readBoolean(bytes("ff")), "value=-1");
    }

    @Test
    void shouldRefuseAPlainTextThatIsMarkedAsWide() {
        assertThat(Wire.readString(bytes("054100b78c"))).isEqualTo("A\u8cb7");
        assertRefused(() -> Wire.readString(bytes("0541004200")), "length=2");
        assertRefused(() -> Wire.readString(bytes("01")), "length=0");
    }

    @Test
    void shouldRefuseABigIntegerWithMoreOrFewerBytesThanItNeeds() {
        assertThat(Wire.readBigInteger(bytes("020080"))).isEqualTo("128");
        assertRefused(() -> Wire.readBigInteger(bytes("020001")), "bytes=2");
        assertRefused(() -> Wire.readBigInteger(bytes("02ff80")), "bytes=2");
        assertRefused(() -> Wire.readBigInteger(bytes("00")), "bytes=0");
    }

    @Test
    void shouldNotBelieveALengthBeyondTheBytesThatAreLeft() {
        assertRefused(() -> Wire.readString(bytes("0641")), "remaining=1, length=3");
        assertRefused(() -> Wire.readString(bytes("05b78cb7")), "remaining=3, length=2");
        assertRefused(() -> Wire.readBytes(bytes("ffffffffffffffffff01")), "length=18446744073709551615");
        assertRefused(() -> Wire.readSize(bytes("020a")), "remaining=1, length=2");
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void assertRefused(ThrowingCallable read, String reason) {
        assertThatThrownBy(read).isInstanceOf(DecodingException.class).hasMessageContaining(reason);
    }
}
