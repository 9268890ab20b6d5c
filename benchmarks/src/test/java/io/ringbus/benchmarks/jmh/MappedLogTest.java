package io.ringbus.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds for each way of writing. */
class MappedLogTest {

    private static final int EVENTS = 40_000;

    static Stream<Named<Way>> ways() {
        return Stream.of(Named.of("copy", log -> log.copy(EVENTS)),
                Named.of("copyAndCheck", log -> log.copyAndCheck(EVENTS)),
                Named.of("prepareAndCopy", log -> log.prepareAndCopy(EVENTS)),
                Named.of("copyAndForce", log -> log.copyAndForce(EVENTS)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldHoldWhatWasCopiedAlsoAfterItWasEmptiedAndLeaveNothingBehind(Way way) throws IOException {
        MappedLog log = new MappedLog(EVENTS);
        for (int i = 0; i < 3; i++) {
            way.write(log);
            assertThatCode(log::verify).doesNotThrowAnyException();
            log.empty();
            assertThat(wordAt(log, (long) MappedLog.EVENT_BYTES * (EVENTS - 1))).isZero();
        }
        log.close();
        assertThat(log.path().getParent()).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldFailWhenAByteDiffersAndLeaveNothingBehind(Way way) throws IOException {
        MappedLog log = new MappedLog(EVENTS);
        way.write(log);
        try (FileChannel file = FileChannel.open(log.path(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long at = (long) MappedLog.EVENT_BYTES * 30_000 + MappedLog.EVENT_BYTES - 1;
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, at);
            file.write(one.put(0, (byte) ~one.get(0)).flip(), at);
        }

        assertThatThrownBy(log::verify)
                .isInstanceOf(WrongResultException.class)
                .hasMessageContaining("event=30000");
        assertThat(log.path().getParent()).doesNotExist();
    }

    private static long wordAt(MappedLog log, long position) throws IOException {
        ByteBuffer word = ByteBuffer.allocate(Long.BYTES);
        try (FileChannel file = FileChannel.open(log.path(), StandardOpenOption.READ)) {
            file.read(word, position);
        }
        return word.getLong(0);
    }

    private interface Way {
        void write(MappedLog log) throws IOException;
    }
}
