package io.ringbus.benchmarks.report;

import com.fasterxml.jackson.jr.ob.JSON;
import io.ringbus.benchmarks.latency.LatencyResult;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** Writes what the latency harness would leave of a journaled run, with values of the test's own. */
final class RecordedLatency {

    private final Path directory;

    RecordedLatency(Path directory) {
        this.directory = directory;
    }

    /** A run that kept its rate: of 1,000 events all but the last two hundred, ten, and one have these latencies. */
    void valid(String contender, long rate, int round, long p50, long p99, long p999) throws IOException {
        run(contender, rate, round, "VALID", "", histogram(p50, p99, p999));
    }

    void invalid(String contender, long rate, int round, long nanos) throws IOException {
        run(contender, rate, round, "INVALID", "the publisher fell behind", histogram(nanos, nanos, nanos));
    }

    void failed(String contender, long rate, int round) throws IOException {
        run(contender, rate, round, "FAILED", "exit code 1", null);
    }

    private void run(String contender, long rate, int round, String standing, String reason, Histogram histogram)
            throws IOException {
        String log = histogram == null ? "" : contender + "-" + rate + "-" + round + ".hlog";
        if (histogram != null) {
            try (PrintStream out = new PrintStream(directory.resolve(log).toFile(), StandardCharsets.UTF_8)) {
                HistogramLogWriter writer = new HistogramLogWriter(out);
                writer.outputLogFormatVersion();
                writer.outputLegend();
                writer.outputIntervalHistogram(0, 1, histogram, 1);
            }
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("contender", contender);
        line.put("journal", "NONE");
        line.put("ratePerSecond", rate);
        line.put("warmUpMillis", 1_000);
        line.put("measuredMillis", 1_000);
        line.put("behindMillis", 50);
        line.put("waitMode", "YIELDING");
        line.put("payloadBytes", 64);
        line.put("round", round);
        line.put("standing", standing);
        line.put("reason", reason);
        line.put("events", 1_000);
        line.put("worstBehindNanos", 0);
        line.put("endBehindNanos", 0);
        line.put("drainedBehindNanos", 0);
        line.put("histogramLog", log);
        Files.writeString(directory.resolve(LatencyResult.FILE), JSON.std.asString(line) + "\n",
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static Histogram histogram(long p50, long p99, long p999) {
        Histogram histogram = new Histogram(3);
        histogram.recordValueWithCount(p50, 800);
        histogram.recordValueWithCount(p99, 195);
        histogram.recordValueWithCount(p999, 5);
        return histogram;
    }
}
