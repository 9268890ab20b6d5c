package io.ringbus.examples.tradingcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderSourceTest {

    @TempDir
    private Path directory;

    @Test
    void shouldReadAFileLineByLine() throws IOException {
        Path file = directory.resolve("orders.csv");
        Files.writeString(file, "1,1,1,1,1,1\n2,3,1,1,1,1\n");

        try (OrderMessageReader reader = OrderSource.file(file).open()) {
            assertThat(Messages.all(reader)).hasSize(2);
        }
    }

    @Test
    void shouldCountLinesWhetherOrNotTheLastOneEnds() throws IOException {
        Path file = directory.resolve("orders.csv");

        Files.writeString(file, "1,1,1,1,1,1\n2,3,1,1,1,1");
        assertThat(OrderSource.file(file).countLines()).isEqualTo(2);
        Files.writeString(file, "1,1,1,1,1,1\n2,3,1,1,1,1\n");
        assertThat(OrderSource.file(file).countLines()).isEqualTo(2);
        Files.writeString(file, "");
        assertThat(OrderSource.file(file).countLines()).isZero();
    }

    @Test
    void shouldHoldAHundredThousandMessagesInTheSample() throws IOException {
        assertThat(OrderSource.bundledSample().countLines()).isEqualTo(100_000);
        try (OrderMessageReader reader = OrderSource.bundledSample().open()) {
            assertThat(Messages.all(reader)).hasSize(100_000);
        }
    }

    @Test
    void shouldNameAFileThatIsNotThere() {
        Path missing = directory.resolve("missing.csv");

        assertThatThrownBy(() -> OrderSource.file(missing).open()).isInstanceOf(InputException.class)
                .hasMessage("cannot read the input, there is no such file: --input=" + missing);
    }

    @Test
    void shouldRefuseADirectory() {
        assertThatThrownBy(() -> OrderSource.file(directory).open()).isInstanceOf(InputException.class)
                .hasMessageContaining("is a directory").hasMessageEndingWith("--input=" + directory);
    }
}
