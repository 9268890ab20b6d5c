package io.ringbus.benchmarks.jmh;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.openjdk.jmh.Main;

/**
 * JMH's own main, told to fail when a benchmark does. Left to itself, JMH leaves a failed benchmark out of its table
 * and ends with exit code 0; a wrong result would then look like a shorter run.
 */
public final class StrictMain {

    private static final String FAIL_ON_ERROR = "-foe";

    private StrictMain() {
    }

    /**
     * Runs JMH.
     *
     * @param args as for JMH; {@code -foe true} is added unless {@code -foe} is among them
     * @throws IOException when JMH cannot write its report
     */
    public static void main(String[] args) throws IOException {
        Main.main(failingOnError(args));
    }

    static String[] failingOnError(String... args) {
        return Arrays.asList(args).contains(FAIL_ON_ERROR)
                ? args
                : Stream.concat(Stream.of(FAIL_ON_ERROR, "true"), Arrays.stream(args)).toArray(String[]::new);
    }
}
