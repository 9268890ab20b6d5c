package io.ringbus.journal.codec;

import io.ringbus.journal.codec.Samples.Boxes;
import io.ringbus.journal.codec.Samples.Leg;
import io.ringbus.journal.codec.Samples.Numbers;
import io.ringbus.journal.codec.Samples.Rich;
import io.ringbus.journal.codec.Samples.Side;
import io.ringbus.journal.codec.Samples.Venue;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Bytes as they stand in journals. When one of these tests fails, the form has changed: give it a new number in
 * {@link Head}, keep reading this one, and add new golden bytes beside these; never change these.
 */
class RecordCodecGoldenTest {

    private static final String ORDER = ""
            + "010dd9836b21001505046964060c73796d626f6c8908736964658b0a7072696365080873697a6505"
            + "aab4de7501084141504c0106425559713d0ad7a34a8240c801";

    private static final String RICH = ""
            + "019e99ebf46e0115130e6e756d62657273950808666c6167010874696e79020a736d616c6c030c6c6574746572040873"
            + "697a6505046964060a726174696f070a7072696365080a626f786573950808666c6167810874696e79820a736d616c6c"
            + "830c6c6574746572840873697a6585046964860a726174696f870a70726963658808746578748908736964658b046174"
            + "8e08746f6f6b8f0664617990087575696491066269678c0e646563696d616c8d086e6f746589086265737495040e6f72"
            + "6465724964060a76656e75659502086e616d65890872616e6b850a70726963658d08736964658b086c6567739295040e"
            + "6f726465724964060a76656e75659502086e616d65890872616e6b850a70726963658d08736964658b08726f77739292"
            + "890a7369646573930b087461677393090c62794e616d65940995040e6f726465724964060a76656e75659502086e616d"
            + "65890872616e6b850a70726963658d08736964658b08627949649406928508646565709288010180d704ffff03ffffff"
            + "ff0ffeffffffffffffffff01000000bf182d4454fb2109400101000101010401630108010a010000c040000107b78c20"
            + "003dd8010853454c4c01b0a697fe09010101c08faedc0301b0f20101feffffffffffffff0100000000000000010d1000"
            + "000000000000000000000001090101000101010108584ec45301d804010803a6af8c0105b78c46300102010101010858"
            + "4ec45301d804010803a6af8c0105b78c4630000102010201026101026201000102064255590853454c4c010400027803"
            + "0001047979010202610101010108584ec45301d804010803a6af8c0105b78c463002620101010108584ec45301d80401"
            + "0803a6af8c0105b78c46300102010102010201048c010100010201000000000000f83f00";

    record Order(long id, String symbol, Side side, double price, int size) {
    }

    private final Order order = new Order(123_456_789L, "AAPL", Side.BUY, 585.33, 100);
    private final Leg leg = new Leg(-1, new Venue("XN\u00c4S", Optional.of(300)), new BigDecimal("-585.3300"), Side.買う);
    private final Rich rich = new Rich(
            new Numbers(true, (byte) -128, (short) -300, '\uffff', Integer.MIN_VALUE, Long.MAX_VALUE, -0.5f, Math.PI),
            new Boxes(false, (byte) 1, (short) 2, 'c', 4, 5L, 6f, null), "\u8cb7 \ud83d", Side.SELL,
            Instant.parse("2012-06-21T09:30:00.000000001Z"), Duration.ofMillis(-1), LocalDate.of(2012, 6, 21),
            new UUID(1, -2), BigInteger.ONE.shiftLeft(100), new BigDecimal("1E+5"), Optional.empty(), Optional.of(leg),
            Arrays.asList(leg, null), List.of(List.of("a", "b"), List.of()), Set.of(Side.BUY, Side.SELL),
            Set.of("x", "yy", "", "\u0100"), Map.of("a", leg, "b", leg), Map.of(-1L, List.of(1, 2), 70L, List.of()),
            Optional.of(List.of(Optional.of(1.5), Optional.empty())));

    @Test
    void shouldWriteAndReadAnOrderAsEver() {
        RecordCodec<Order> codec = RecordCodec.of(Order.class);
        assertThat(HexFormat.of().formatHex(Samples.bytes(codec, order))).isEqualTo(ORDER);
        assertThat(Samples.event(codec, HexFormat.of().parseHex(ORDER))).isEqualTo(order);
    }

    @Test
    void shouldWriteAndReadEveryKindAsEver() {
        RecordCodec<Rich> codec = RecordCodec.of(Rich.class);
        assertThat(HexFormat.of().formatHex(Samples.bytes(codec, rich))).isEqualTo(RICH);
        assertThat(Samples.event(codec, HexFormat.of().parseHex(RICH))).isEqualTo(rich);
    }
}
