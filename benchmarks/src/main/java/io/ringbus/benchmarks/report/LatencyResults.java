package io.ringbus.benchmarks.report;

import io.ringbus.benchmarks.latency.Contender;
import io.ringbus.benchmarks.latency.HistogramLog;
import io.ringbus.benchmarks.latency.JournalMode;
import io.ringbus.benchmarks.latency.LatencyResult;
import io.ringbus.benchmarks.latency.Verdict.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** What the latency harness left in a directory. */
final class LatencyResults {

    private final List<Run> runs = new ArrayList<>();

    private LatencyResults() {
    }

    /**
     * A run and its latencies.
     *
     * @param result    its line
     * @param histogram its log; null when it failed
     */
    record Run(LatencyResult result, Histogram histogram) {

        boolean isValid() {
            return result.verdict().isValid();
        }

        boolean failed() {
            return result.verdict().standing() == Standing.FAILED;
        }
    }

    /**
     * Reads them, if there are any.
     *
     * @throws IOException when a file cannot be read, or is not what the harness writes
     */
    static LatencyResults in(Path directory) throws IOException {
        LatencyResults results = new LatencyResults();
        Path file = directory.resolve(LatencyResult.FILE);
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                try {
                    LatencyResult result = LatencyResult.parse(line);
                    boolean logged = result.verdict().standing() != Standing.FAILED;
                    results.runs.add(new Run(result,
                            logged ? HistogramLog.read(directory.resolve(result.histogramLog())) : null));
                } catch (IllegalArgumentException e) {
                    throw new IOException("this is not what the latency harness writes: file=" + file, e);
                }
            }
        }
        return results;
    }

    List<Run> all() {
        return runs;
    }

    Stream<Run> of(JournalMode journal, long ratePerSecond) {
        return runs.stream().filter(run -> run.result().plan().journal() == journal
                && run.result().plan().ratePerSecond() == ratePerSecond);
    }

    /** A contender's runs by round. */
    SortedMap<Integer, Run> rounds(Contender contender, JournalMode journal, long ratePerSecond) {
        SortedMap<Integer, Run> rounds = new TreeMap<>();
        of(journal, ratePerSecond).filter(run -> run.result().plan().contender() == contender)
                .forEach(run -> rounds.put(run.result().round(), run));
        return rounds;
    }

    List<Long> rates() {
        return runs.stream().map(run -> run.result().plan().ratePerSecond()).distinct().sorted().toList();
    }
}
