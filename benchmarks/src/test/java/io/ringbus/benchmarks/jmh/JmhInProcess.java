package io.ringbus.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs benchmarks as briefly as JMH can, in this process. */
final class JmhInProcess {

    static {
        // Figures do not matter here, so another JMH on the machine does not, either.
        System.setProperty("jmh.ignoreLock", "true");
    }

    private JmhInProcess() {
    }

    /** Runs those whose name the expression fits; returns the names of the methods, one for each set of parameters. */
    static List<String> run(String expression, Map<String, String> parameters) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(expression)
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(1))
                .shouldFailOnError(true);
        parameters.forEach(options::param);
        Collection<RunResult> results = new Runner(options.build()).run();
        assertThat(results).allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
        return results.stream().map(result -> result.getPrimaryResult().getLabel()).toList();
    }
}
