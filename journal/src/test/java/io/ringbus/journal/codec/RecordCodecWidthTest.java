package io.ringbus.journal.codec;

import io.ringbus.engine.error.InvalidConfigurationException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The widest records: a long takes two of the 255 words that a call can pass. */
class RecordCodecWidthTest {

    record Widest(long c0, long c1, long c2, long c3, long c4, long c5, long c6, long c7, long c8, long c9, long c10,
                long c11, long c12, long c13, long c14, long c15, long c16, long c17, long c18, long c19, long c20,
                long c21, long c22, long c23, long c24, long c25, long c26, long c27, long c28, long c29, long c30,
                long c31, long c32, long c33, long c34, long c35, long c36, long c37, long c38, long c39, long c40,
                long c41, long c42, long c43, long c44, long c45, long c46, long c47, long c48, long c49, long c50,
                long c51, long c52, long c53, long c54, long c55, long c56, long c57, long c58, long c59, long c60,
                long c61, long c62, long c63, long c64, long c65, long c66, long c67, long c68, long c69, long c70,
                long c71, long c72, long c73, long c74, long c75, long c76, long c77, long c78, long c79, long c80,
                long c81, long c82, long c83, long c84, long c85, long c86, long c87, long c88, long c89, long c90,
                long c91, long c92, long c93, long c94, long c95, long c96, long c97, long c98, long c99, long c100,
                long c101, long c102, long c103, long c104, long c105, long c106, long c107, long c108, long c109,
                long c110, long c111, long c112, long c113, long c114, long c115, long c116, long c117, long c118,
                long c119) {
    }

    record TooWide(long c0, long c1, long c2, long c3, long c4, long c5, long c6, long c7, long c8, long c9, long c10,
                long c11, long c12, long c13, long c14, long c15, long c16, long c17, long c18, long c19, long c20,
                long c21, long c22, long c23, long c24, long c25, long c26, long c27, long c28, long c29, long c30,
                long c31, long c32, long c33, long c34, long c35, long c36, long c37, long c38, long c39, long c40,
                long c41, long c42, long c43, long c44, long c45, long c46, long c47, long c48, long c49, long c50,
                long c51, long c52, long c53, long c54, long c55, long c56, long c57, long c58, long c59, long c60,
                long c61, long c62, long c63, long c64, long c65, long c66, long c67, long c68, long c69, long c70,
                long c71, long c72, long c73, long c74, long c75, long c76, long c77, long c78, long c79, long c80,
                long c81, long c82, long c83, long c84, long c85, long c86, long c87, long c88, long c89, long c90,
                long c91, long c92, long c93, long c94, long c95, long c96, long c97, long c98, long c99, long c100,
                long c101, long c102, long c103, long c104, long c105, long c106, long c107, long c108, long c109,
                long c110, long c111, long c112, long c113, long c114, long c115, long c116, long c117, long c118,
                long c119, long c120) {
    }

    record Few(String added, long c119, long c0, long c60) {
    }

    private final Widest widest = new Widest(
                0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
                27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51,
                52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76,
                77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100,
                101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119);

    @Test
    void shouldGiveBackTheWidestRecord() {
        assertThat(Samples.reread(widest, Widest.class, Widest.class)).isEqualTo(widest);
    }

    @Test
    void shouldReadTheWidestRecordAfterMostOfItWasRemovedAndTheReverse() {
        assertThat(Samples.reread(widest, Widest.class, Few.class)).isEqualTo(new Few(null, 119, 0, 60));
        Widest back = Samples.reread(new Few("x", 119, 5, 60), Few.class, Widest.class);
        assertThat(back.c119()).isEqualTo(119);
        assertThat(back.c60()).isEqualTo(60);
        assertThat(back.c0()).isEqualTo(5);
        assertThat(back.c59()).isZero();
    }

    @Test
    void shouldRefuseAWiderOne() {
        assertThatThrownBy(() -> RecordCodec.of(TooWide.class)).isInstanceOf(InvalidConfigurationException.class)
                .hasMessageEndingWith("record=" + TooWide.class.getName() + ", components=121");
    }
}
