package io.ringbus.examples.tradingcore;

import io.ringbus.engine.CloseReport;
import io.ringbus.engine.DivergencePolicy;
import io.ringbus.engine.EventEngine;
import io.ringbus.engine.EventEngineConfig;
import io.ringbus.engine.RecoveryReport;
import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.Watermark;
import io.ringbus.engine.error.EngineFailedException;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.event.StartPosition;
import io.ringbus.engine.retry.RetryOrder;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.stats.EngineStatistics;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The trading core: what is subscribed to the engine, with which priority, and how it comes back after a stop.
 *
 * <pre>
 * publish ──> journal ──> 10 intake, risk gate ──> 20 order book ──> 30 strategy ──> 40 drop copy, orders ──> retry
 *    ^                       REBUILD                  REBUILD           REBUILD         RESUME
 *    │                                                   │                 │
 *    └────────────── TopChanged ─────────────────────────┘                 │
 *    └────────────── OrderRequest ─────────────────────────────────────────┘
 * </pre>
 *
 * <p>One thread starts, publishes, settles and closes; the figures are read after settling.
 */
final class TradingCore implements AutoCloseable {

    /** What the journal knows the lines of the input by. */
    static final EventType<OrderMessage> ORDER_MESSAGE =
            EventType.named("order-message", OrderMessage.class).aggregate("order", OrderMessage::orderId);

    /** The cause of each {@link TopChanged} names it. */
    static final String BOOK_SUBSCRIPTION = "order-book";
    /** The cause of each {@link OrderRequest} names it. */
    static final String STRATEGY_SUBSCRIPTION = "strategy";

    private static final int RING_SIZE = 16_384;
    private static final int RISK = 10;
    private static final int BOOK = 20;
    private static final int STRATEGY = 30;
    private static final int GATEWAYS = 40;
    private static final String ORDERS_SUBSCRIPTION = "order-gateway";

    /** Back at once after a hiccup, and through about a quarter of a second of outage before it is a dead letter. */
    private static final RetryPolicy RETRY = RetryPolicy.exponential(Duration.ofMillis(1))
            .maxDelay(Duration.ofMillis(100))
            .maxAttempts(9);
    /** So many can be told apart by subscription. */
    private static final int DEAD_LETTERS = 1_000_000;

    /** How long the chain may take for what is in the ring; beyond it something hangs. */
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final long POLL_NANOS = 200_000;

    private final PublishTimes publishTimes = new PublishTimes(RING_SIZE);
    private final Intake intake = new Intake();
    private final RiskGate riskGate = new RiskGate();
    private final BookStage bookStage;
    private final Strategy strategy = new Strategy();
    private final OrderTally orderTally = new OrderTally();
    private final DropCopy dropCopy;
    private final EventEngine engine;

    private long lastPublished;

    /**
     * Wires it; nothing runs yet.
     *
     * @param config   of the engine: journal, chain on one thread or several, progress
     * @param observer looks at the top of the book
     * @param clearing takes the drop copies
     * @param exchange takes the orders
     */
    TradingCore(EventEngineConfig config, TopOfBookObserver observer, Gateway clearing, Gateway exchange) {
        this.bookStage = new BookStage(observer, publishTimes);
        this.dropCopy = new DropCopy(clearing);
        this.engine = new EventEngine(config.ringSize(RING_SIZE).deadLettersInMemory(DEAD_LETTERS)
                .onDivergence(DivergencePolicy.REPORT));
        engine.register(ORDER_MESSAGE);
        engine.register(TopChanged.TYPE);
        engine.register(OrderRequest.TYPE);
        engine.subscribe(SubscriptionConfig.to(OrderMessage.class, intake)
                .name("intake").priority(RISK).recovery(RecoveryMode.REBUILD));
        engine.subscribe(SubscriptionConfig.to(OrderMessage.class, riskGate)
                .name("risk-gate").priority(RISK).recovery(RecoveryMode.REBUILD));
        engine.subscribe(SubscriptionConfig.to(OrderMessage.class, bookStage)
                .name(BOOK_SUBSCRIPTION).priority(BOOK).recovery(RecoveryMode.REBUILD));
        engine.subscribe(SubscriptionConfig.to(TopChanged.class, strategy)
                .name(STRATEGY_SUBSCRIPTION).priority(STRATEGY).recovery(RecoveryMode.REBUILD));
        engine.subscribe(SubscriptionConfig.to(OrderRequest.class, orderTally)
                .name("order-tally").priority(STRATEGY).recovery(RecoveryMode.REBUILD));
        engine.subscribe(SubscriptionConfig.to(OrderMessage.class, dropCopy)
                .name("drop-copy").priority(GATEWAYS).filter(OrderMessage::isExecution)
                .recovery(RecoveryMode.RESUME).startAt(StartPosition.EARLIEST).retry(RETRY));
        engine.subscribe(SubscriptionConfig.to(OrderRequest.class, new OrderGateway(exchange))
                .name(ORDERS_SUBSCRIPTION).priority(GATEWAYS)
                .recovery(RecoveryMode.RESUME).startAt(StartPosition.EARLIEST)
                .retry(RETRY).retryOrder(RetryOrder.PER_AGGREGATE));
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
     * Waits until everything published is handled, what handlers published on it too, and nothing waits for another
     * attempt.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    void settle() throws InterruptedException {
        long publishedBefore = -1;
        EngineStatistics now = engine.statistics();
        // Twice the same: a redelivery on its way into the ring at the first look is seen at the second.
        while (!isQuiet(now) || now.watermarks().published() != publishedBefore) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while events are under way");
            }
            // Also tells of an engine that has failed meanwhile, whose retries would never settle.
            awaitHandled();
            LockSupport.parkNanos(POLL_NANOS);
            publishedBefore = now.watermarks().published();
            now = engine.statistics();
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

    Strategy strategy() {
        return strategy;
    }

    OrderTally orderTally() {
        return orderTally;
    }

    DropCopy dropCopy() {
        return dropCopy;
    }

    /**
     * Orders that the gateway has given up.
     *
     * @return their dead letters
     */
    long deadOrders() {
        return engine.deadLetters().stream().filter(letter -> letter.subscription().equals(ORDERS_SUBSCRIPTION))
                .count();
    }

    /**
     * Everything else that was given up: drop copies, as rebuilding handlers do not fail.
     *
     * @return their dead letters
     */
    long deadDropCopies() {
        return engine.statistics().retries().deadLetters() - deadOrders();
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

    private static boolean isQuiet(EngineStatistics now) {
        return now.watermarks().handled() == now.watermarks().published() && now.outboxWaiting() == 0
                && now.retries().pending() == 0;
    }
}
