package io.ringbus.benchmarks.latency;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;

/** A run's histograms in HdrHistogram's log format, an interval per second, values in nanoseconds. */
public final class HistogramLog {

    private static final double AS_RECORDED = 1.0;
    private static final long MILLIS_PER_SECOND = 1_000;

    private HistogramLog() {
    }

    /**
     * Writes them.
     *
     * @param file        is made, or overwritten
     * @param comment     what was run, one line
     * @param startMillis when the first second began, in milliseconds since 1970
     * @param seconds     one for each second
     * @throws IOException when the file cannot be written
     */
    static void write(Path file, String comment, long startMillis, List<Histogram> seconds) throws IOException {
        try (PrintStream out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
            HistogramLogWriter writer = new HistogramLogWriter(out);
            writer.outputLogFormatVersion();
            writer.outputComment("[" + comment + "; values in nanoseconds]");
            writer.outputStartTime(startMillis);
            writer.setBaseTime(startMillis);
            writer.outputLegend();
            long begin = startMillis;
            for (Histogram second : seconds) {
                second.setStartTimeStamp(begin);
                begin += MILLIS_PER_SECOND;
                second.setEndTimeStamp(begin);
                writer.outputIntervalHistogram(second.getStartTimeStamp() / 1e3 - startMillis / 1e3,
                        second.getEndTimeStamp() / 1e3 - startMillis / 1e3, second, AS_RECORDED);
            }
            if (out.checkError()) {
                throw new IOException("the histogram log could not be written: file=" + file);
            }
        }
    }

    /**
     * Reads a log and adds up its intervals.
     *
     * @param file as {@link #write} left it
     * @return all latencies of the run, in nanoseconds
     * @throws IOException when it cannot be read, or holds nothing
     */
    public static Histogram read(Path file) throws IOException {
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            Histogram sum = null;
            EncodableHistogram interval = reader.nextIntervalHistogram();
            while (interval != null) {
                Histogram histogram = (Histogram) interval;
                if (sum == null) {
                    sum = histogram;
                } else {
                    sum.add(histogram);
                }
                interval = reader.nextIntervalHistogram();
            }
            if (sum == null) {
                throw new IOException("a histogram log holds no interval: file=" + file);
            }
            return sum;
        }
    }

    /** All of a run's latencies. */
    static Histogram sum(List<Histogram> seconds) {
        Histogram sum = seconds.get(0).copy();
        seconds.subList(1, seconds.size()).forEach(sum::add);
        return sum;
    }
}
