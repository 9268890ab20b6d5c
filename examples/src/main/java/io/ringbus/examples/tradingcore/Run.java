package io.ringbus.examples.tradingcore;

import io.ringbus.engine.EventEngineConfig;
import io.ringbus.engine.RecoveryReport;
import io.ringbus.engine.spi.Journal;
import io.ringbus.engine.spi.NoJournal;
import io.ringbus.journal.ChronicleJournal;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** One run: recover, pass over the lines that are journaled, publish the rest, settle, sum up. */
final class Run {

    /** Decides which attempts to hand over a drop copy fail. */
    private static final long CLEARING_SEED = 30;
    /** Decides which attempts to send an order fail. */
    private static final long EXCHANGE_SEED = 31;

    /** In the journal's directory, so that who deletes a journal does not keep half of its story. */
    private static final Path GATEWAY_DIRECTORY = Path.of("gateway");

    /** A reader of files outruns any disk: it is to wait for a place in the ring, not to give up. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int LINES_PER_STEP = 256;

    private final Options options;
    private final Progress progress;
    private final PrintStream out;

    /**
     * A run.
     *
     * @param options  what is asked for
     * @param progress shows how far it has come
     * @param out      takes what was found at the start
     */
    Run(Options options, Progress progress, PrintStream out) {
        this.options = options;
        this.progress = progress;
        this.out = out;
    }

    /**
     * Does it.
     *
     * @return what it came to
     * @throws InputException       when a file is not as it has to be; what came before is journaled
     * @throws IOException          when the tops file could not be written
     * @throws InterruptedException when the thread is interrupted
     */
    Summary execute() throws IOException, InterruptedException {
        // What the caller may have misspelt is opened before the journal is made.
        try (OrderMessageReader reader = options.source().open();
                TopOfBookObserver tops = options.topsFile();
                Accepted dropCopies = options.journal() == null ? Accepted.inMemory() : dropCopies(options.journal());
                Accepted orders = options.journal() == null ? Accepted.inMemory() : orders(options.journal());
                TradingCore core = new TradingCore(engineConfig(), tops,
                        clearing(options.failRate(), dropCopies), exchange(options.failRate(), orders))) {
            RecoveryReport recovery = core.start();
            progress.end();
            long recovered = core.intake().messages();
            tellOfRecovery(recovery, recovered);
            passOver(reader, core.intake());
            long startedAt = System.nanoTime();
            long read = publish(reader, core);
            long nanos = System.nanoTime() - startedAt;
            core.settle();
            Summary.Input input = new Summary.Input(recovered, read, recovery.followUps().diverged());
            return summary(core, input, new Summary.Orders(core.orderTally().requests(), orders.distinct(),
                    core.deadOrders()), dropCopies.distinct(), nanos);
        }
    }

    /** Where the clearing house writes what it has accepted; opened when the journal is this process's own. */
    static Accepted dropCopies(Path journal) {
        return new AcceptedFile(journal.resolve(GATEWAY_DIRECTORY).resolve("accepted.csv"), "sequence,run,line");
    }

    /** Where the exchange writes what it has accepted; opened when the journal is this process's own. */
    static Accepted orders(Path journal) {
        return new AcceptedFile(journal.resolve(GATEWAY_DIRECTORY).resolve("orders.csv"), "topChange,run,sequence");
    }

    static Gateway clearing(double failRate, Accepted accepted) {
        return new Gateway(failRate, CLEARING_SEED, accepted);
    }

    static Gateway exchange(double failRate, Accepted accepted) {
        return new Gateway(failRate, EXCHANGE_SEED, accepted);
    }

    private EventEngineConfig engineConfig() {
        Journal journal = options.journal() == null ? NoJournal.INSTANCE
                : ChronicleJournal.in(options.journal()).sync(options.sync());
        return new EventEngineConfig().name("trading-core").journal(journal).fused(options.fused())
                .publishTimeout(PATIENCE).recoveryProgress(progress);
    }

    private void tellOfRecovery(RecoveryReport recovery, long recovered) {
        recovery.findings().forEach(finding -> out.println("Found: " + finding));
        recovery.followUps().divergences().forEach(divergence -> out.println("Diverged: " + divergence));
        if (recovered > 0) {
            out.println(String.format(Locale.ROOT, "Recovered %,d events in %.2f s from %s", recovered,
                    recovery.duration().toNanos() / 1e9, options.journal()));
        }
        if (recovery.followUps().published() > 0) {
            out.println(String.format(Locale.ROOT, "Published %,d events that the last run decided on and did not get"
                    + " into the journal", recovery.followUps().published()));
        }
    }

    /**
     * Passes over the lines that are in the journal, and makes sure that they are the same ones.
     *
     * @param reader at the first line
     * @param intake knows what is in the journal
     * @throws InputException when the input is not the one that the journal was begun with
     */
    static void passOver(OrderMessageReader reader, Intake intake) {
        InputFingerprint fingerprint = new InputFingerprint();
        while (reader.line() < intake.lastLine()) {
            OrderMessage message = reader.next();
            if (message == null) {
                throw new InputException("the journal holds more lines than the input: give it the input that it was"
                        + " begun with, or another directory: journaled=" + intake.lastLine() + ", input="
                        + reader.line() + " (" + reader.name() + ")");
            }
            fingerprint.add(message);
        }
        if (fingerprint.value() != intake.fingerprint()) {
            throw new InputException("the journal was begun with another input: its first " + intake.lastLine()
                    + " lines are not those of this one; give it the same input, or another directory: input="
                    + reader.name());
        }
    }

    private long publish(OrderMessageReader reader, TradingCore core) throws InterruptedException {
        Pacer pacer = options.pacer();
        long passedOver = reader.line();
        for (OrderMessage message = reader.next(); message != null; message = reader.next()) {
            if (message.line() == passedOver + 1 && progress.isShown()) {
                progress.begin("Publishing", options.source().countLines(), "events");
            }
            pacer.awaitTurn();
            core.publish(message);
            if (message.line() % LINES_PER_STEP == 0) {
                progress.stepTo(message.line());
            }
        }
        core.awaitHandled();
        progress.stepTo(reader.line());
        progress.end();
        return reader.line() - passedOver;
    }

    private Summary summary(TradingCore core, Summary.Input input, Summary.Orders orders, long dropCopies, long nanos) {
        OrderBook book = core.bookStage().book();
        return new Summary(input,
                new Summary.Market(core.riskGate().refused(), book.unknownOrders(), book.liveOrders(), book.hash(),
                        core.strategy().topChanges()),
                new Summary.DropCopies(core.intake().executions(), dropCopies, core.deadDropCopies(),
                        core.dropCopy().retries()),
                orders, new Summary.Speed(nanos, core.bookStage().latencies(), options.paced()), options.journal());
    }
}
