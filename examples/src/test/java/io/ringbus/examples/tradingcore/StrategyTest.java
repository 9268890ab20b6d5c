package io.ringbus.examples.tradingcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ringbus.engine.EventEngine;
import io.ringbus.engine.EventEngineConfig;
import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.journal.ChronicleJournal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the book and the strategy publish, event by event. */
class StrategyTest {

    private static final long BID = 500;
    private static final long ASK = 600;
    private static final int MESSAGES = 3_000;
    /** Of the changes of the top, counted from 0: the one that another release saw otherwise. */
    private static final int SPOILT_TOP = 10;
    /** The one at which another release asked for an order. */
    private static final int TOP_OF_REQUEST = 5;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"20120621,100000,false", "1,10000,false", "2,10000,true", "3,10000,true"})
    void shouldPublishWhatTheOracleSays(long seed, int messages, boolean fused) throws IOException {
        byte[] csv = generate(seed, messages);
        Path input = Files.write(directory.resolve("orders.csv"), csv);
        Path journal = directory.resolve("journal");
        BookOracle oracle = BookOracle.read(new ByteArrayInputStream(csv));
        List<History.Top> tops = StrategyOracle.tops(oracle);
        List<History.Request> expected = StrategyOracle.requests(tops);

        Program program = Program.run("--json", "--input", input.toString(), "--journal", journal.toString(),
                fused ? "--fused" : "--no-progress");
        assertThat(program.exitCode()).as(program.err()).isZero();
        History history = History.of(journal);

        assertThat(history.tops()).hasSizeGreaterThan(messages / 10).containsExactlyElementsOf(tops);
        assertThat(history.requests()).hasSizeGreaterThan(messages / 1_000).containsExactlyElementsOf(expected);
        assertThat(history.requests()).extracting(request -> request.request().direction())
                .contains(Direction.BUY, Direction.SELL);
        assertThat(program.json()).containsEntry("topChanges", tops.size())
                .containsEntry("ordersRequested", expected.size()).containsEntry("ordersSent", expected.size())
                .containsEntry("divergences", 0);
    }

    @ParameterizedTest
    @CsvSource({"90,10,", "91,10,BUY", "10,90,", "10,91,SELL", "1,0,BUY", "0,1,SELL", "0,0,", "50,50,"})
    void shouldAskForAnOrderOnlyBeyondTheThreshold(long bidSize, long askSize, Direction expected) {
        List<OrderRequest> requests = decide(top(bidSize, askSize));

        if (expected == null) {
            assertThat(requests).isEmpty();
        } else {
            assertThat(requests).containsExactly(
                    new OrderRequest(1, expected, expected == Direction.BUY ? BID : ASK, Strategy.LOT));
        }
    }

    @Test
    void shouldAskAtMostOnceInAHundredTopChangesHoweverManyAreBeyondTheThreshold() {
        TopChanged buy = top(91, 10);
        TopChanged sell = top(10, 91);
        TopChanged neither = top(50, 50);
        List<TopChanged> tops = new ArrayList<>();
        tops.addAll(Collections.nCopies(7, neither));
        tops.addAll(List.of(buy, sell));
        tops.addAll(Collections.nCopies(98, neither));
        assertThat(decide(tops.toArray(TopChanged[]::new))).extracting(OrderRequest::direction)
                .containsExactly(Direction.BUY);

        tops.add(sell);
        tops.addAll(Collections.nCopies(99, buy));
        assertThat(decide(tops.toArray(TopChanged[]::new))).extracting(OrderRequest::direction)
                .containsExactly(Direction.BUY, Direction.SELL);

        tops.add(buy);
        assertThat(decide(tops.toArray(TopChanged[]::new))).extracting(OrderRequest::topChange, OrderRequest::direction)
                .containsExactly(tuple(8L, Direction.BUY), tuple(108L, Direction.SELL),
                        tuple(208L, Direction.BUY));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCountWhereItDecidesOtherwiseThanTheJournalSays(boolean fused) throws IOException {
        byte[] csv = generate(4, MESSAGES);
        Path input = Files.write(directory.resolve("orders.csv"), csv);
        Path journal = directory.resolve("journal");
        BookOracle oracle = BookOracle.read(new ByteArrayInputStream(csv));
        runAnotherRelease(journal, csv);
        List<History.Top> tops = StrategyOracle.tops(oracle);
        History.Top spoilt = tops.get(SPOILT_TOP);
        tops.set(SPOILT_TOP, new History.Top(spoilt.line(), ASK, 1, BID, 1));
        History before = History.of(journal);
        assertThat(before.tops()).isEqualTo(tops);
        assertThat(before.requests()).hasSize(1);
        Set<Long> lines = StrategyOracle.requests(tops).stream().map(History.Request::line)
                .collect(Collectors.toCollection(TreeSet::new));
        lines.add(tops.get(TOP_OF_REQUEST).line());

        for (int run = 0; run < 2; run++) {
            Program program = Program.run("--json", "--input", input.toString(), "--journal", journal.toString(),
                    fused ? "--fused" : "--no-progress");

            assertThat(program.exitCode()).as(program.err()).isZero();
            assertThat(program.json()).containsEntry("divergences", 2).containsEntry("recoveredEvents", MESSAGES)
                    .containsEntry("topChanges", tops.size()).containsEntry("ordersRequested", lines.size())
                    .containsEntry("ordersSent", lines.size()).containsEntry("bookHash", oracle.bookHash());
            assertThat(program.out().lines().filter(line -> line.startsWith("Diverged: "))).hasSize(2)
                    .anyMatch(line -> line.contains("'order-book' published TopChanged[askPrice=" + spoilt.askPrice())
                            && line.contains("the journal holds TopChanged[askPrice=" + ASK + ", askSize=1,"))
                    .anyMatch(line -> line.contains("'strategy'")
                            && line.contains("the journal holds OrderRequest[topChange=6, direction=BUY, price=7,"));
        }
        assertThat(History.of(journal).tops()).as("the journal is right").isEqualTo(tops);
        assertThat(History.of(journal).requests()).extracting(History.Request::line)
                .containsExactlyInAnyOrderElementsOf(lines);
    }

    /** Journals the messages; sees one change of the top otherwise than today, and asks for one order. */
    private static void runAnotherRelease(Path journal, byte[] csv) {
        OrderBook book = new OrderBook();
        TopChanged top = new TopChanged();
        AtomicInteger changes = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        try (EventEngine engine = new EventEngine(new EventEngineConfig().journal(ChronicleJournal.in(journal)))) {
            engine.register(TradingCore.ORDER_MESSAGE);
            engine.register(TopChanged.TYPE);
            engine.register(OrderRequest.TYPE);
            engine.subscribe(SubscriptionConfig.<OrderMessage>to(OrderMessage.class, (message, context) -> {
                book.apply(message);
                if (top.update(book)) {
                    context.publish(changes.getAndIncrement() == SPOILT_TOP ? top(1, 1) : top);
                }
            }).name(TradingCore.BOOK_SUBSCRIPTION).recovery(RecoveryMode.REBUILD));
            engine.subscribe(SubscriptionConfig.<TopChanged>to(TopChanged.class, (changed, context) -> {
                if (seen.getAndIncrement() == TOP_OF_REQUEST) {
                    context.publish(new OrderRequest(TOP_OF_REQUEST + 1, Direction.BUY, 7, Strategy.LOT));
                }
            }).name(TradingCore.STRATEGY_SUBSCRIPTION).recovery(RecoveryMode.REBUILD));
            engine.start();
            Messages.all(new OrderMessageReader("generated", new ByteArrayInputStream(csv))).forEach(engine::publish);
        }
    }

    /** What the strategy asks for when the top changes in this way. */
    private static List<OrderRequest> decide(TopChanged... tops) {
        List<OrderRequest> requests = new ArrayList<>();
        try (EventEngine engine = new EventEngine(new EventEngineConfig())) {
            engine.register(TopChanged.TYPE);
            engine.register(OrderRequest.TYPE);
            engine.subscribe(SubscriptionConfig.to(TopChanged.class, new Strategy()).name("strategy"));
            engine.subscribe(SubscriptionConfig.<OrderRequest>to(OrderRequest.class,
                    (request, context) -> requests.add(request)).name("recorder"));
            engine.start();
            List.of(tops).forEach(engine::publish);
        }
        return requests;
    }

    private static TopChanged top(long bidSize, long askSize) {
        OrderBook book = new OrderBook();
        book.apply(Messages.of("1,1,1," + bidSize + "," + BID + ",1").get(0));
        book.apply(Messages.of("1,1,2," + askSize + "," + ASK + ",-1").get(0));
        TopChanged top = new TopChanged();
        top.update(book);
        return top;
    }

    private static byte[] generate(long seed, int messages) {
        ByteArrayOutputStream csv = new ByteArrayOutputStream();
        SampleGenerator.generate(seed, messages, csv);
        return csv.toByteArray();
    }
}
