package io.ringbus.examples.tradingcore;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.EventEngine;
import io.ringbus.engine.EventEngineConfig;
import io.ringbus.journal.ChronicleJournal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    private static final int MESSAGES = 3_000;

    @TempDir
    private Path directory;

    private Path input;
    private Path journal;
    private Path tops;
    private List<String> lines;
    private BookOracle oracle;

    @BeforeEach
    void writeInput() throws IOException {
        input = directory.resolve("orders.csv");
        journal = directory.resolve("journal");
        tops = directory.resolve("tops.csv");
        ByteArrayOutputStream csv = new ByteArrayOutputStream();
        SampleGenerator.generate(11, MESSAGES, csv);
        lines = csv.toString(StandardCharsets.US_ASCII).lines().toList();
        oracle = BookOracle.read(new ByteArrayInputStream(csv.toByteArray()));
        Files.write(input, lines);
    }

    @Test
    void shouldRunTheBundledSampleInMemoryAndSayWhatItCameTo() throws IOException {
        BookOracle sample;
        try (var bundled = OrderSource.bundledSample().stream()) {
            sample = BookOracle.read(bundled);
        }
        Program program = Program.run("--json");

        assertThat(program.exitCode()).isZero();
        assertThat(program.err()).isEmpty();
        Map<String, Object> json = program.json();
        assertThat(json.keySet()).containsExactly("inputEvents", "recoveredEvents", "refused", "unknownOrders",
                "liveOrders", "bookHash", "topChanges", "dropCopiesExpected", "dropCopiesDelivered", "retries",
                "deadLetters", "ordersRequested", "ordersSent", "divergences", "eventsPerSecond",
                "latencyMicros", "journal");
        assertThat(json).containsEntry("inputEvents", 100_000).containsEntry("recoveredEvents", 0)
                .containsEntry("bookHash", sample.bookHash())
                .containsEntry("liveOrders", (int) sample.liveOrders())
                .containsEntry("unknownOrders", (int) sample.unknownOrders())
                .containsEntry("dropCopiesExpected", (int) sample.executions())
                .containsEntry("dropCopiesDelivered", (int) sample.executions())
                .containsEntry("deadLetters", 0).containsEntry("journal", null);
        List<History.Top> tops = StrategyOracle.tops(sample);
        int orders = StrategyOracle.requests(tops).size();
        assertThat(json).containsEntry("topChanges", tops.size()).containsEntry("ordersRequested", orders)
                .containsEntry("ordersSent", orders).containsEntry("divergences", 0);
        assertThat((int) json.get("refused")).isPositive();
        assertThat((int) json.get("retries")).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"none,false", "none,true", "batch,false", "batch,true"})
    void shouldComeToTheSameAgainAfterARestartOnAFinishedJournal(String sync, boolean fused) throws IOException {
        Program first = runJournaled("--sync", sync, fused ? "--fused" : "--no-progress", "--tops", tops.toString());
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.json()).containsEntry("inputEvents", MESSAGES).containsEntry("recoveredEvents", 0)
                .containsEntry("bookHash", oracle.bookHash()).containsEntry("journal", journal.toString());
        assertThat(Files.readAllLines(tops)).isEqualTo(oracle.tops());
        Files.delete(tops);

        Program second = runJournaled("--sync", sync, fused ? "--fused" : "--no-progress", "--tops", tops.toString());
        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(second.json()).containsEntry("inputEvents", 0).containsEntry("recoveredEvents", MESSAGES)
                .containsEntry("retries", 0);
        assertThat(second.state()).isEqualTo(first.state());
        assertThat(second.out()).contains("Recovered 3,000 events");
        assertThat(Files.readAllLines(tops)).isEqualTo(oracle.tops());
        assertThat(Files.readAllLines(journal.resolve("gateway").resolve("accepted.csv")))
                .hasSize((int) oracle.executions());
    }

    @Test
    void shouldGoOnWithTheFirstLineThatIsNotJournaled() throws IOException {
        Files.write(input, lines.subList(0, 1_000));
        assertThat(runJournaled().json()).containsEntry("inputEvents", 1_000);

        Files.write(input, lines);
        Program second = runJournaled();
        assertThat(second.json()).containsEntry("inputEvents", 2_000).containsEntry("recoveredEvents", 1_000)
                .containsEntry("bookHash", oracle.bookHash())
                .containsEntry("dropCopiesDelivered", (int) oracle.executions());
    }

    @Test
    void shouldStopAtAMalformedLineAndGoOnThereWhenItIsMended() throws IOException {
        List<String> broken = new ArrayList<>(lines);
        broken.set(1_499, "34200.5,1,4711,100,about fifty,1");
        Files.write(input, broken);

        Program first = runJournaled();
        assertThat(first.exitCode()).isEqualTo(2);
        assertThat(first.err()).isEqualTo("trading-core: " + input + ", line 1500: column 5 (price) is \"about fifty\";"
                + " expected a price in 1/10,000 dollar, a whole number of 1 to 15 digits\n");

        Files.write(input, lines);
        Program second = runJournaled();
        assertThat(second.exitCode()).isZero();
        assertThat(second.json()).containsEntry("recoveredEvents", 1_499).containsEntry("inputEvents", 1_501)
                .containsEntry("bookHash", oracle.bookHash())
                .containsEntry("dropCopiesDelivered", (int) oracle.executions());
    }

    @Test
    void shouldGiveUpADropCopyThatTheGatewayNeverTakesAndKnowItAfterARestart() throws IOException {
        Files.write(input, lines.subList(0, 400));
        long executions = BookOracle.read(Files.newInputStream(input)).executions();

        Program first = runJournaled("--fail-rate", "1");
        assertThat(first.exitCode()).isZero();
        assertThat(first.json()).containsEntry("dropCopiesExpected", (int) executions)
                .containsEntry("dropCopiesDelivered", 0).containsEntry("deadLetters", (int) executions)
                .containsEntry("retries", (int) executions * 8);

        assertThat(runJournaled("--fail-rate", "1").state()).isEqualTo(first.state());
    }

    @Test
    void shouldDeliverOnceWhatTheGatewayRefusedWhileItWasReplayed() throws IOException {
        try (EventEngine other = new EventEngine(new EventEngineConfig().journal(ChronicleJournal.in(journal)))) {
            other.register(TradingCore.ORDER_MESSAGE);
            other.start();
            Messages.of(lines.toArray(String[]::new)).forEach(other::publish);
        }

        Program program = runJournaled("--fail-rate", "0.5");
        assertThat(program.json()).containsEntry("inputEvents", 0)
                .containsEntry("dropCopiesExpected", (int) oracle.executions());
        assertThat((int) program.json().get("retries")).isGreaterThan((int) oracle.executions() / 2);
        assertThat(Files.readAllLines(journal.resolve("gateway").resolve("accepted.csv"))).doesNotHaveDuplicates();
    }

    @Test
    void shouldNotGoOnWithAnInputThatHasFewerLinesThanTheJournal() throws IOException {
        runJournaled();
        Files.write(input, lines.subList(0, 1_000));

        Program program = runJournaled();
        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.err()).hasLineCount(1).contains("the journal holds more lines than the input",
                "journaled=3000, input=1000");
    }

    @Test
    void shouldNotGoOnWithAnotherInputThanTheJournalWasBegunWith() throws IOException {
        runJournaled();
        List<String> changed = new ArrayList<>(lines);
        changed.set(17, changed.get(18));
        Files.write(input, changed);

        Program program = runJournaled();
        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.err()).hasLineCount(1).contains("the journal was begun with another input");
    }

    @Test
    void shouldPublishAtTheRateItIsGiven() throws IOException {
        Files.write(input, lines.subList(0, 300));
        Program program = Program.run("--json", "--input", input.toString(), "--rate", "1000");

        // Never faster; how much slower is the machine's affair.
        assertThat((int) program.json().get("eventsPerSecond")).isBetween(1, 1_004);
    }

    @Test
    void shouldRefuseAJournalThatIsInUse() {
        try (EventEngine other = new EventEngine(new EventEngineConfig().journal(ChronicleJournal.in(journal)))) {
            other.register(TradingCore.ORDER_MESSAGE);
            other.start();

            Program program = runJournaled("--tops", tops.toString());
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.err()).hasLineCount(1).contains(journal.toString());
            assertThat(journal.resolve("gateway")).doesNotExist();
        }
    }

    @Test
    void shouldRefuseAJournalDirectoryThatIsAFile() {
        Program program = Program.run("--input", input.toString(), "--journal", input.toString());

        assertThat(program.exitCode()).isEqualTo(1);
        assertThat(program.err()).hasLineCount(1).contains(input.toString());
    }

    @Test
    void shouldMakeNothingWhenTheInputIsNotThere() {
        Program program = Program.run("--input", directory.resolve("missing.csv").toString(), "--journal",
                journal.toString(), "--tops", tops.toString());

        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.err()).hasLineCount(1).contains("there is no such file", "missing.csv");
        assertThat(journal).doesNotExist();
        assertThat(tops).doesNotExist();
    }

    @Test
    void shouldMakeNoJournalWhenTheTopsFileCannotBeWritten() {
        Program program = runJournaled("--tops", directory.resolve("missing").resolve("tops.csv").toString());

        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.err()).hasLineCount(1).contains("cannot write the tops file", "--tops=");
        assertThat(journal).doesNotExist();
    }

    @Test
    void shouldNotWriteTheTopsOverTheInput() throws IOException {
        Program program = Program.run("--input", input.toString(), "--tops", input.toString());

        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.err()).hasLineCount(1).contains("would overwrite the input", "--tops=" + input);
        assertThat(Files.readAllLines(input)).isEqualTo(lines);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--rate=0", "--rate=-5", "--rate=NaN", "--rate=fast", "--fail-rate=1.1", "--fail-rate=-0.1",
        "--fail-rate=often", "--sync=always", "--nonsense", "surplus", "--input"})
    void shouldRefuseABadOptionInOneLineThatNamesIt(String option) {
        Program program = Program.run(option);

        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.out()).isEmpty();
        assertThat(program.err()).hasLineCount(1).startsWith("trading-core: ").contains(option.replaceFirst("=.*", ""));
    }

    @Test
    void shouldExplainItself() {
        Program program = Program.run("--help");

        assertThat(program.exitCode()).isZero();
        assertThat(program.out()).contains("--input", "--journal", "--rate", "--fail-rate", "--tops", "--sync",
                "--fused", "--json", "--no-progress");
    }

    private Program runJournaled(String... more) {
        List<String> args = new ArrayList<>(List.of("--json", "--input", input.toString(), "--journal",
                journal.toString()));
        args.addAll(List.of(more));
        return Program.run(args.toArray(String[]::new));
    }
}
