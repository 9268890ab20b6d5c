package io.ringbus.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistogramLogTest {

    @TempDir
    private Path directory;

    @Test
    void shouldAddUpTheSecondsOfALog() throws IOException {
        Path file = directory.resolve("a.hlog");
        HistogramLog.write(file, "test", 1_700_000_000_123L, List.of(histogram(100, 200), histogram(300, 1_000_000)));

        Histogram read = HistogramLog.read(file);

        assertThat(read.getTotalCount()).isEqualTo(4);
        assertThat(read.getValueAtPercentile(50)).isEqualTo(200);
        assertThat(read.valuesAreEquivalent(read.getMaxValue(), 1_000_000)).isTrue();
    }

    @Test
    void shouldRefuseALogWithoutAnyInterval() throws IOException {
        Path file = Files.writeString(directory.resolve("empty.hlog"), "#[Histogram log format version 1.3]\n");

        assertThatThrownBy(() -> HistogramLog.read(file)).isInstanceOf(IOException.class)
                .hasMessageContaining("file=" + file);
    }

    private static Histogram histogram(long... values) {
        Histogram histogram = new Histogram(3);
        for (long value : values) {
            histogram.recordValue(value);
        }
        return histogram;
    }
}
