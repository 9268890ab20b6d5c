package io.ringbus.examples.tradingcore;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.retry.DeadLetter;
import io.ringbus.journal.policy.SyncMode;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kills a real process with SIGKILL, again and again on one journal, at instants drawn at random: while its JVM starts,
 * while it recovers, while it publishes. Then lets it finish, and looks at what is left.
 *
 * <p>The seed is in every failure's message; {@code -Dringbus.crash.seed=N} draws the same instants again, though the
 * machine will not be at the same place then. {@code -Dringbus.crash.kills=N} adds a run with so many kills, each of
 * which costs a second or two of processor time.
 */
@Execution(ExecutionMode.CONCURRENT)
class CrashTest {

    private static final int KILLS = 25;
    private static final String MORE_KILLS = "ringbus.crash.kills";
    private static final int MESSAGES = 40_000;
    /** Times the kills, the pause for each message: the input lasts for all of them. */
    private static final long PACE_NANOS = 4_000;
    private static final int EXIT_CODE_OF_SIGKILL = 128 + 9;
    private static final int LONGEST_LIFE_MILLIS = 250;
    private static final int LONGEST_START_MILLIS = 900;
    private static final double FAIL_RATE = 0.5;
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    private final long seed = Long.getLong("ringbus.crash.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private Path input;
    private BookOracle oracle;
    /** Kills that came between a message and what handlers published on it. */
    private int lostFollowUps;

    @BeforeEach
    void writeInput() throws IOException {
        input = directory.resolve("orders.csv");
        ByteArrayOutputStream csv = new ByteArrayOutputStream();
        SampleGenerator.generate(12, MESSAGES, csv);
        Files.write(input, csv.toByteArray());
        oracle = BookOracle.read(new ByteArrayInputStream(csv.toByteArray()));
    }

    @ParameterizedTest
    @CsvSource({"NONE,false", "NONE,true", "BATCH,false", "BATCH,true"})
    void shouldBeExactlyWhereItWasAfterEveryKill(SyncMode sync, boolean fused) throws Exception {
        killAndCompare(new CrashChild.Order.Layout(sync, fused), KILLS);
    }

    @Test
    @EnabledIfSystemProperty(named = MORE_KILLS, matches = "[0-9]+")
    void shouldBeExactlyWhereItWasAfterAsManyKillsAsAskedFor() throws Exception {
        killAndCompare(new CrashChild.Order.Layout(SyncMode.NONE, false), Integer.getInteger(MORE_KILLS));
    }

    private void killAndCompare(CrashChild.Order.Layout chain, int kills) throws Exception {
        CrashChild.Order order = new CrashChild.Order(input, directory.resolve("journal"),
                directory.resolve("acks.csv"), chain, FAIL_RATE, kills * PACE_NANOS, seed);
        int killedWhilePublishing = 0;
        for (int kill = 0; kill < kills; kill++) {
            killedWhilePublishing += runAndKill(order, kill) ? 1 : 0;
        }
        assertThat(lostFollowUps).as("kills between a message and what handlers published on it, seed=%d", seed)
                .isGreaterThanOrEqualTo(kills / 25);
        assertThat(killedWhilePublishing).as("kills while publishing, seed=%d", seed).isGreaterThan(kills / 3);

        Path undisturbed = directory.resolve("undisturbed");
        Map<String, Object> uninterrupted = Program.run("--json", "--input", input.toString(), "--journal",
                undisturbed.toString()).json();
        Map<String, Object> last = finish(order).json();
        assertThat(last).as("seed=%d", seed).containsEntry("bookHash", uninterrupted.get("bookHash"))
                .containsEntry("bookHash", oracle.bookHash())
                .containsEntry("liveOrders", uninterrupted.get("liveOrders"))
                .containsEntry("unknownOrders", uninterrupted.get("unknownOrders"))
                .containsEntry("refused", uninterrupted.get("refused"))
                .containsEntry("dropCopiesExpected", (int) oracle.executions())
                .containsEntry("topChanges", uninterrupted.get("topChanges"))
                .containsEntry("ordersRequested", uninterrupted.get("ordersRequested"))
                .containsEntry("divergences", 0);
        History history = History.of(order.journal());
        assertThatTheSameWasPublished(history, History.of(undisturbed));

        Remains remains = readBack(order);
        assertThat(remains.sequenceByLine.keySet()).as("each line once, seed=%d", seed)
                .hasSize(MESSAGES).contains(1L, (long) MESSAGES);
        assertAcknowledgedEventsAreThere(order, remains);
        assertDropCopiesWereDeliveredOrAreDead(order, remains);
        assertOrdersWereSentOnceOrAreDead(order, history, remains);
        assertThat(last).containsEntry("deadLetters", remains.deadSequences.size())
                .containsEntry("ordersSent", history.requests().size() - remains.deadOrders.size());
    }

    /** What a journal holds in the end. */
    private record Remains(Map<Long, Long> sequenceByLine, Set<Long> executions, Set<Long> deadSequences,
            Set<Long> deadOrders) {
    }

    /** Starts a child, lets it live for a random while, and kills it; tells whether it was publishing by then. */
    private boolean runAndKill(CrashChild.Order order, int kill) throws Exception {
        boolean whileStarting = kill > 0 && random.nextInt(4) == 0;
        Process child = start(order.withSeed(random.nextLong()));
        try {
            CompletableFuture<Long> recovered = recovered(child);
            if (whileStarting) {
                child.waitFor(random.nextInt(LONGEST_START_MILLIS), TimeUnit.MILLISECONDS);
            } else {
                recovered.get(LONG.toSeconds(), TimeUnit.SECONDS);
                child.waitFor(random.nextInt(LONGEST_LIFE_MILLIS), TimeUnit.MILLISECONDS);
            }
            assertThat(child.isAlive()).as("alive until killed, kill=%d, seed=%d: %s", kill, seed, errors()).isTrue();
            if (recovered.isDone()) {
                lostFollowUps += recovered.get() > 0 ? 1 : 0;
            }
            return recovered.isDone();
        } finally {
            child.destroyForcibly();
            assertThat(child.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).as("killed by SIGKILL, kill=%d, seed=%d: %s", kill, seed, errors())
                    .isEqualTo(EXIT_CODE_OF_SIGKILL);
        }
    }

    private Process start(CrashChild.Order order) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(System.getProperty("ringbus.jvm.flags").split(" ")));
        // Children live for less than a second: compiled quickly is better than compiled well.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                CrashChild.class.getName()));
        command.addAll(List.of(order.args()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.to(directory.resolve("child.err").toFile())).start();
    }

    /** Completes with the follow-ups that were lost when the child says that it publishes; fails when it ends before. */
    private static CompletableFuture<Long> recovered(Process child) {
        return CompletableFuture.supplyAsync(() -> {
            try (BufferedReader out = new BufferedReader(new InputStreamReader(child.getInputStream(),
                    StandardCharsets.UTF_8))) {
                String line = out.readLine();
                if (line == null || !line.startsWith(CrashChild.RECOVERED)) {
                    throw new IllegalStateException("the child ended before it had recovered: " + line);
                }
                return Long.parseLong(line.substring(CrashChild.RECOVERED.length()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private Program finish(CrashChild.Order order) {
        List<String> args = new ArrayList<>(List.of("--json", "--input", input.toString(), "--journal",
                order.journal().toString(), "--sync", order.chain().sync().name(), "--fail-rate",
                Double.toString(order.failRate())));
        if (order.chain().fused()) {
            args.add("--fused");
        }
        Program program = Program.run(args.toArray(String[]::new));
        assertThat(program.exitCode()).as(program.err()).isZero();
        return program;
    }

    private Remains readBack(CrashChild.Order order) throws Exception {
        Remains remains = new Remains(new HashMap<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        try (TradingCore core = order.core(Accepted.inMemory(), Accepted.inMemory(), LONG)) {
            core.engine().subscribe(SubscriptionConfig.<OrderMessage>to(OrderMessage.class, (message, context) -> {
                assertThat(remains.sequenceByLine.put(message.line(), context.sequence())).isNull();
                if (message.isExecution()) {
                    remains.executions.add(context.sequence());
                }
            }).name("reader").priority(5).recovery(RecoveryMode.REBUILD));
            core.start();
            core.settle();
            List<DeadLetter> letters = core.engine().deadLetters();
            for (DeadLetter letter : letters) {
                assertThat(letter.subscription()).isIn("drop-copy", "order-gateway");
                if (letter.event() instanceof OrderRequest request) {
                    remains.deadOrders.add(request.topChange());
                } else {
                    remains.deadSequences.add(letter.sequence());
                }
            }
        }
        return remains;
    }

    /** One by one and in their order: a kill loses none, doubles none, and changes none. */
    private void assertThatTheSameWasPublished(History history, History undisturbed) {
        assertThat(history.tops()).as("seed=%d", seed).hasSizeGreaterThan(MESSAGES / 10)
                .containsExactlyElementsOf(undisturbed.tops()).containsExactlyElementsOf(StrategyOracle.tops(oracle));
        assertThat(history.requests()).as("seed=%d", seed).hasSizeGreaterThan(MESSAGES / 1_000)
                .containsExactlyElementsOf(undisturbed.requests())
                .containsExactlyElementsOf(StrategyOracle.requests(history.tops()));
    }

    private void assertAcknowledgedEventsAreThere(CrashChild.Order order, Remains remains) throws IOException {
        List<String> acks = Files.readAllLines(order.acks());
        assertThat(acks).as("seed=%d", seed).isNotEmpty();
        Map<Long, Long> acknowledged = new TreeMap<>();
        for (String ack : acks) {
            String[] fields = ack.split(",");
            assertThat(acknowledged.put(Long.parseLong(fields[0]), Long.parseLong(fields[1])))
                    .as("line %s was published once more after it had been acknowledged, seed=%d", fields[0], seed)
                    .isNull();
        }
        acknowledged.forEach((line, sequence) -> assertThat(remains.sequenceByLine.get(line))
                .as("sequence of the acknowledged line %d, seed=%d", line, seed).isEqualTo(sequence));
    }

    private void assertDropCopiesWereDeliveredOrAreDead(CrashChild.Order order, Remains remains) throws IOException {
        Set<Long> delivered = new HashSet<>();
        Map<Long, Set<Long>> byRun = new TreeMap<>();
        for (String line : Files.readAllLines(order.journal().resolve("gateway").resolve("accepted.csv"))) {
            String[] fields = line.split(",");
            long sequence = Long.parseLong(fields[0]);
            delivered.add(sequence);
            assertThat(byRun.computeIfAbsent(Long.parseLong(fields[1]), run -> new HashSet<>()).add(sequence))
                    .as("a repeat without a kill between: %s, seed=%d", line, seed).isTrue();
        }
        Set<Long> settled = new TreeSet<>(delivered);
        settled.addAll(remains.deadSequences);
        assertThat(settled).as("seed=%d", seed).isEqualTo(remains.executions);
        assertThat(delivered).as("both delivered and dead, seed=%d", seed)
                .doesNotContainAnyElementsOf(remains.deadSequences);
        assertThat(byRun.size()).isGreaterThan(KILLS / 4);
    }

    private void assertOrdersWereSentOnceOrAreDead(CrashChild.Order order, History history, Remains remains)
            throws IOException {
        Map<Long, Direction> asked = new TreeMap<>();
        history.requests().forEach(one -> asked.put(one.request().topChange(), one.request().direction()));
        Set<Long> sent = new TreeSet<>();
        Map<Direction, Long> lastOfSide = new EnumMap<>(Direction.class);
        for (String line : Files.readAllLines(order.journal().resolve("gateway").resolve("orders.csv"))) {
            long topChange = Long.parseLong(line.split(",")[0]);
            assertThat(sent.add(topChange)).as("sent twice: %s, seed=%d", line, seed).isTrue();
            Long before = lastOfSide.put(asked.get(topChange), topChange);
            assertThat(before == null || before < topChange)
                    .as("behind a later one of its side: %s, seed=%d", line, seed).isTrue();
        }
        assertThat(sent).as("both sent and dead, seed=%d", seed).noneMatch(remains.deadOrders::contains);
        sent.addAll(remains.deadOrders);
        assertThat(sent).as("seed=%d", seed).isEqualTo(asked.keySet());
    }

    private String errors() throws IOException {
        return Files.readString(directory.resolve("child.err"));
    }
}
