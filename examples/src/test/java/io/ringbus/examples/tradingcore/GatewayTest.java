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

    private static final String COLUMNS = "sequence,run,line";

    @TempDir
    private Path directory;

    @Test
    void shouldTakeEverythingWhenItNeverFails() throws Exception {
        Accepted accepted = Accepted.inMemory();
        for (int sequence = 1; sequence <= 1_000; sequence++) {
            new Gateway(0, 1, accepted).send(sequence, 1, 1);
        }

        assertThat(accepted.distinct()).isEqualTo(1_000);
    }

    @Test
    void shouldTakeNothingWhenItAlwaysFails() {
        Gateway gateway = new Gateway(1, 1, Accepted.inMemory());

        assertThatThrownBy(() -> gateway.send(7, 1, 3)).isInstanceOf(GatewayUnavailableException.class)
                .hasMessageEndingWith("id=7, attempt=3");
    }

    @Test
    void shouldFailAboutAsOftenAsItIsToldAndTheSameWayEveryTime() throws IOException {
        Gateway one = new Gateway(0.02, 5, Accepted.inMemory());
        Gateway other = new Gateway(0.02, 5, Accepted.inMemory());
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
        try (AcceptedFile first = new AcceptedFile(file, COLUMNS)) {
            first.begin();
            first.add(10, 4);
            first.add(12, 6);
        }
        try (AcceptedFile second = new AcceptedFile(file, COLUMNS)) {
            second.begin();
            second.add(12, 6);
            second.add(15, 9);

            assertThat(second.distinct()).isEqualTo(3);
        }
        assertThat(file).hasContent("10,1,4\n12,1,6\n12,2,6\n15,2,9\n");
    }

    @Test
    void shouldTakeARepeatWithoutEffectWhereItMustNotHaveOne() throws Exception {
        Path file = directory.resolve("orders.csv");
        try (AcceptedFile first = new AcceptedFile(file, COLUMNS)) {
            first.begin();
            new Gateway(0, 1, first).sendOnce(1, 70, 1);
            new Gateway(0, 1, first).sendOnce(1, 70, 2);
        }
        try (AcceptedFile second = new AcceptedFile(file, COLUMNS)) {
            second.begin();
            Gateway gateway = new Gateway(0, 1, second);
            gateway.sendOnce(1, 70, 1);
            gateway.sendOnce(2, 90, 1);
            assertThatThrownBy(() -> new Gateway(1, 1, second).sendOnce(1, 70, 1))
                    .isInstanceOf(GatewayUnavailableException.class);
        }

        assertThat(file).hasContent("1,1,70\n2,2,90\n");
    }

    @Test
    void shouldCutOffATornLastLine() throws Exception {
        Path file = directory.resolve("accepted.csv");
        Files.writeString(file, "10,1,4\n12,1");
        try (AcceptedFile accepted = new AcceptedFile(file, COLUMNS)) {
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
        try (AcceptedFile accepted = new AcceptedFile(file, COLUMNS)) {
            assertThatThrownBy(accepted::begin).isInstanceOf(IOException.class)
                    .hasMessageContaining("accepted.csv, line 2: expected sequence,run,line")
                    .hasMessageEndingWith("text=hello");
        }
    }

    @Test
    void shouldCloseWhatWasNeverOpened() {
        AcceptedFile accepted = new AcceptedFile(directory.resolve("accepted.csv"), COLUMNS);

        assertThatCode(accepted::close).doesNotThrowAnyException();
    }

    private static boolean fails(Gateway gateway, long sequence, int attempt) throws IOException {
        try {
            gateway.send(sequence, 1, attempt);
            return false;
        } catch (GatewayUnavailableException e) {
            return true;
        }
    }
}
