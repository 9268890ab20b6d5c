package io.ringbus.examples.tradingcore;

import io.ringbus.engine.CloseReport;
import io.ringbus.engine.EventEngine;
import io.ringbus.engine.EventEngineConfig;
import io.ringbus.engine.RecoveryReport;
import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.Watermark;
import io.ringbus.engine.error.EngineFailedException;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.stats.EngineStatistics;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The trading core: what is subscribed to the engine, with which priority, and how it comes back after a stop.
 *
 * <pre>
 * publish ──> journal ──> 10 intake, risk gate ──> 20 order book ──> 30 drop copy ──> retry
 *                            REBUILD                  REBUILD           RESUME
 * </pre>
 *
 * <p>One thread starts, publishes, settles and closes; the figures are read after settling.
 */
final class TradingCore implements AutoCloseable {

    /** What the journal knows the lines of the input by. */
    static final EventType<OrderMessage> ORDER_MESSAGE =
            EventType.named("order-message", OrderMessage.class).aggregate("order", OrderMessage::orderId);

    private static final int RING_SIZE = 16_384;
    private static final int RISK = 10;
    private static final int BOOK = 20;
    private static final int DROP_COPY = 30;

    /** How long the chain may take for what is in the ring; beyond it something hangs. */
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final long POLL_NANOS = 200_000;

    private final PublishTimes publishTimes = new PublishTimes(RING_SIZE);
    private final Intake intake = new Intake();
    private final RiskGate riskGate = new RiskGate();
    private final BookStage bookStage;
    private final EventEngine engine;

    private long lastPublished;

    /**
     * Wires it; nothing runs yet.
     *
     * @param config   of the engine: journal, chain on one thread or several, progress
     * @param observer looks at the top of the book
     * @param gateway  takes the drop copies
     */
    TradingCore(EventEngineConfig config, TopOfBookObserver observer, Gateway gateway) {
        this.bookStage = new BookStage(observer, publishTimes);
        this.engine = new EventEngine(config.ringSize(RING_SIZE));
        engine.register(ORDER_MESSAGE);
        engine.subscribe(SubscriptionConfig.to(OrderMessage.class, intake)
                .name("intake").priority(RISK).recovery(RecoveryMode.REBUILD));
        engine.subscribe(SubscriptionConfig.to(OrderMessage.class, riskGate)
                .name("risk-gate").priority(RISK).recovery(RecoveryMode.REBUILD));
        engine.subscribe(SubscriptionConfig.to(OrderMessage.class, bookStage)
                .name("order-book").priority(BOOK).recovery(RecoveryMode.REBUILD));
        engine.subscribe(SubscriptionConfig.to(OrderMessage.class, new DropCopy(gateway))
                .name("drop-copy").priority(DROP_COPY).filter(OrderMessage::isExecution)
                .recovery(RecoveryMode.RESUME).startAt(StartPosition.EARLIEST).retry(DropCopy.RETRY));
    }

    /**
     * Recovers what the journal holds. When it returns, every stage has seen it.
     *
     * @return what was found
     */
    RecoveryReport start() {
        return engine.start();
    }

    /**
     * Publishes the next message of the input.
     *
     * @param message the message
     * @return its sequence
     */
    long publish(OrderMessage message) {
        publishTimes.published(message.line());
        lastPublished = engine.publish(message);
        return lastPublished;
    }

    /**
     * Waits until everything published is in the journal.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    void awaitJournaled() throws InterruptedException {
        engine.await(Watermark.JOURNALED, lastPublished, LONG);
    }

    /**
     * Waits until everything published is handled.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    void awaitHandled() throws InterruptedException {
        engine.await(Watermark.HANDLED, lastPublished, LONG);
    }

    /**
     * Waits until everything published is handled and no drop copy waits for another attempt.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    void settle() throws InterruptedException {
        awaitHandled();
        while (engine.statistics().retries().pending() > 0) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while retries are pending");
            }
            // Also tells of an engine that has failed meanwhile, whose retries would never settle.
            awaitHandled();
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    Intake intake() {
        return intake;
    }

    RiskGate riskGate() {
        return riskGate;
    }

    BookStage bookStage() {
        return bookStage;
    }

    EngineStatistics statistics() {
        return engine.statistics();
    }

    EventEngine engine() {
        return engine;
    }

    /** Drains the chain. Fails when the engine did: then its figures are not the whole truth. */
    @Override
    public void close() {
        CloseReport report = engine.close(LONG);
        if (report.failure() != null) {
            throw new EngineFailedException("the engine had stopped before it was closed", report.failure());
        }
        if (!report.drained() || !report.hookErrors().isEmpty()) {
            throw new EngineFailedException("closing left something undone: notHandled=" + report.notHandled()
                    + ", hookErrors=" + report.hookErrors());
        }
    }
}
