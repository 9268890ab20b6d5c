package io.ringbus.examples.tradingcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayTest {

    private static final OrderMessage EXECUTION = Messages.of("1,4,1,10,500,1").get(0);

    @TempDir
    private Path directory;

    @Test
    void shouldTakeEverythingWhenItNeverFails() throws Exception {
        AcceptedDropCopies accepted = AcceptedDropCopies.inMemory();
        for (int sequence = 1; sequence <= 1_000; sequence++) {
            new Gateway(0, 1, accepted).send(EXECUTION, sequence, 1);
        }

        assertThat(accepted.distinct()).isEqualTo(1_000);
    }

    @Test
    void shouldTakeNothingWhenItAlwaysFails() {
        Gateway gateway = new Gateway(1, 1, AcceptedDropCopies.inMemory());

        assertThatThrownBy(() -> gateway.send(EXECUTION, 7, 3)).isInstanceOf(GatewayUnavailableException.class)
                .hasMessageEndingWith("sequence=7, attempt=3");
    }

    @Test
    void shouldFailAboutAsOftenAsItIsToldAndTheSameWayEveryTime() throws IOException {
        Gateway one = new Gateway(0.02, 5, AcceptedDropCopies.inMemory());
        Gateway other = new Gateway(0.02, 5, AcceptedDropCopies.inMemory());
        int failures = 0;
        for (int sequence = 1; sequence <= 100_000; sequence++) {
            int attempt = 1 + sequence % 3;
            boolean failed = fails(one, sequence, attempt);
            assertThat(fails(other, sequence, attempt)).isEqualTo(failed);
            failures += failed ? 1 : 0;
        }

        assertThat(failures).isBetween(1_800, 2_200);
    }

    @Test
    void shouldRememberWhatItAcceptedInEarlierRuns() throws Exception {
        Path file = directory.resolve("gateway").resolve("accepted.csv");
        try (AcceptedFile first = new AcceptedFile(file)) {
            first.begin();
            first.add(10, 4);
            first.add(12, 6);
        }
        try (AcceptedFile second = new AcceptedFile(file)) {
            second.begin();
            second.add(12, 6);
            second.add(15, 9);

            assertThat(second.distinct()).isEqualTo(3);
        }
        assertThat(file).hasContent("10,1,4\n12,1,6\n12,2,6\n15,2,9\n");
    }

    @Test
    void shouldCutOffATornLastLine() throws Exception {
        Path file = directory.resolve("accepted.csv");
        Files.writeString(file, "10,1,4\n12,1");
        try (AcceptedFile accepted = new AcceptedFile(file)) {
            accepted.begin();
            assertThat(accepted.distinct()).isEqualTo(1);
            accepted.add(12, 6);
        }

        assertThat(file).hasContent("10,1,4\n12,2,6\n");
    }

    @Test
    void shouldRefuseAFileThatTheGatewayDidNotWrite() throws Exception {
        Path file = directory.resolve("accepted.csv");
        Files.writeString(file, "10,1,4\nhello\n");
        try (AcceptedFile accepted = new AcceptedFile(file)) {
            assertThatThrownBy(accepted::begin).isInstanceOf(IOException.class)
                    .hasMessageContaining("accepted.csv, line 2: expected sequence,run,line")
                    .hasMessageEndingWith("text=hello");
        }
    }

    @Test
    void shouldCloseWhatWasNeverOpened() {
        AcceptedFile accepted = new AcceptedFile(directory.resolve("accepted.csv"));

        assertThatCode(accepted::close).doesNotThrowAnyException();
    }

    private static boolean fails(Gateway gateway, long sequence, int attempt) throws IOException {
        try {
            gateway.send(EXECUTION, sequence, attempt);
            return false;
        } catch (GatewayUnavailableException e) {
            return true;
        }
    }
}
