package io.ringbus.engine.program;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Promises 1 (order) and 3 (at least once), and with them 2, 4 and 8, as properties of random programs.
 *
 * <p>Each program follows from its seed. A failure prints the program and the options that repeat it; since threads
 * take turns as they like, a race may need several repeats.
 */
class RandomProgramsTest {

    /** Programs in one test, so that the list of tests stays readable. */
    private static final int CHUNK = 40;

    static LongStream chunks() {
        long first = Long.getLong("ringbus.program.first", 1);
        int programs = Integer.getInteger("ringbus.programs", 1_000);
        return LongStream.iterate(first, seed -> seed < first + programs, seed -> seed + CHUNK);
    }

    @ParameterizedTest(name = "programs from {0} on")
    @MethodSource("chunks")
    void shouldKeepThePromisesWhateverIsDone(long firstSeed) {
        long first = Long.getLong("ringbus.program.first", 1);
        long end = Math.min(firstSeed + CHUNK, first + Integer.getInteger("ringbus.programs", 1_000));
        for (long seed = firstSeed; seed < end; seed++) {
            new Run(Plan.of(seed)).play();
        }
    }
}
