package io.ringbus.engine;

import io.ringbus.engine.error.InvalidConfigurationException;
import io.ringbus.engine.ring.MessageIds;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.Journal;
import io.ringbus.engine.spi.NoJournal;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/** An engine's configuration: fluent, and concluded once, when the engine is made. */
public final class EventEngineConfig {

    private static final int MAX_RING_SIZE = 1 << 24;
    private static final int LEAST_DEFAULT_OUTBOX = 4_096;
    private static final Duration LONGEST = Duration.ofDays(365);

    private String name = "ringbus";
    private int ringSize = 16_384;
    private int slotBytes = 256;
    private ProducerMode producerMode = ProducerMode.MULTI;
    private WaitMode waitMode = WaitMode.PARKING;
    private boolean fused;
    private Duration publishTimeout = Duration.ofSeconds(5);
    private Duration checkpointInterval = Duration.ofSeconds(1);
    private int deadLettersInMemory = 1_000;
    private int timeEvery = 256;
    private int outboxSize;
    private DivergencePolicy onDivergence = DivergencePolicy.FAIL;
    private int messageIdWindow;
    private Journal journal = NoJournal.INSTANCE;
    private EngineClock clock = EngineClock.system();
    private RecoveryProgress recoveryProgress = (sequence, from, to) -> { };
    private Set<String> retiredEventTypes = Set.of();

    /** Begins with the defaults. */
    public EventEngineConfig() {
        // All defaults stand at the fields.
    }

    /**
     * Names the engine; its threads carry the name.
     *
     * @param newName {@code ringbus} when not set
     * @return this
     */
    public EventEngineConfig name(String newName) {
        this.name = newName;
        return this;
    }

    /**
     * Sets the number of slots. More slots absorb longer bursts and cost more memory and cache.
     *
     * @param slots a power of two from 2 to 16,777,216; 16,384 when not set
     * @return this
     */
    public EventEngineConfig ringSize(int slots) {
        this.ringSize = slots;
        return this;
    }

    /**
     * Sets the buffer that each slot keeps for encoded bytes. A larger event brings its own, which is garbage. Takes
     * ring size times this of direct memory, when there is a journal.
     *
     * @param bytes 16 to 65,536; 256 when not set
     * @return this
     */
    public EventEngineConfig slotBytes(int bytes) {
        this.slotBytes = bytes;
        return this;
    }

    /**
     * Sets how many threads may publish.
     *
     * @param mode {@link ProducerMode#MULTI} when not set
     * @return this
     */
    public EventEngineConfig producerMode(ProducerMode mode) {
        this.producerMode = mode;
        return this;
    }

    /**
     * Sets how stages wait.
     *
     * @param mode {@link WaitMode#PARKING} when not set
     * @return this
     */
    public EventEngineConfig waitMode(WaitMode mode) {
        this.waitMode = mode;
        return this;
    }

    /**
     * Runs the whole chain on one dedicated thread. Faster than a thread per stage wherever there are fewer cores than
     * stages, and the lowest latency in any case; the throughput is that of one core.
     *
     * @param onOneThread false when not set
     * @return this
     */
    public EventEngineConfig fused(boolean onOneThread) {
        this.fused = onOneThread;
        return this;
    }

    /**
     * Sets how long a publisher waits for a full ring before it gets a {@code RingFullException}.
     *
     * @param timeout from zero, for not at all, to 365 days; 5 s when not set, which risks that a publisher stands
     * still that long
     * @return this
     */
    public EventEngineConfig publishTimeout(Duration timeout) {
        this.publishTimeout = timeout;
        return this;
    }

    /**
     * Sets how often the journal is told how far the chain has come. After a crash, a resuming subscription is given
     * again what it had handled since the last checkpoint: about this much time's worth.
     *
     * @param interval more than zero, at most 365 days; 1 s when not set
     * @return this
     */
    public EventEngineConfig checkpointInterval(Duration interval) {
        this.checkpointInterval = interval;
        return this;
    }

    /**
     * Sets how many dead letters are held in memory, with their events; older ones stay on disk only.
     *
     * @param letters 1 or more; 1,000 when not set
     * @return this
     */
    public EventEngineConfig deadLettersInMemory(int letters) {
        this.deadLettersInMemory = letters;
        return this;
    }

    /**
     * Sets how many slots pass between two whose handling is timed, for the statistics. Timing one delivery takes two
     * readings of the clock, some 50 ns here; a sample misses a rare slow delivery.
     *
     * @param slots 1 to time every delivery; 256 when not set
     * @return this
     */
    public EventEngineConfig timeEvery(int slots) {
        this.timeEvery = slots;
        return this;
    }

    /**
     * Sets how many events that handlers publish may wait for a place in the ring. While any waits, publishers from
     * outside wait too, so the ring drains; the bound is met only by handlers that publish several events for each,
     * again and again. Beyond it their deliveries fail. A rebuilding handler that meets it may come out of a recovery
     * with another state, in which the delivery did not fail: leave it room.
     *
     * @param events 1 or more; four times the ring size, at least 4,096, when not set
     * @return this
     */
    public EventEngineConfig outboxSize(int events) {
        this.outboxSize = events;
        return this;
    }

    /**
     * Sets what happens when a rebuilding handler does not publish what it published before.
     *
     * @param policy {@link DivergencePolicy#FAIL} when not set
     * @return this
     */
    public EventEngineConfig onDivergence(DivergencePolicy policy) {
        this.onDivergence = policy;
        return this;
    }

    /**
     * Sets how far back the ids of {@link EventEngine#publish(Object, java.util.UUID)} are remembered.
     *
     * <p>An id is remembered while its event's sequence is greater than the newest sequence with an id minus this
     * window. A start brings back the ids of events whose sequence is greater than the journal's last one minus this
     * window, and no others. So a repeat is recognised in any case while fewer than this many sequences were given
     * since the first; redeliveries, void places and checkpoints take sequences too.
     *
     * <p>Takes 32 to 40 bytes for each sequence, whether used or not, and a start reads so much of the journal.
     *
     * @param sequences 0 to 16,777,216; 0, for none, when not set: then publishing under an id is refused
     * @return this
     */
    public EventEngineConfig messageIdWindow(int sequences) {
        this.messageIdWindow = sequences;
        return this;
    }

    /**
     * Sets the journal.
     *
     * @param newJournal in memory only when not set: then nothing survives the process
     * @return this
     */
    public EventEngineConfig journal(Journal newJournal) {
        this.journal = newJournal;
        return this;
    }

    /**
     * Sets the clock.
     *
     * @param newClock the system's when not set
     * @return this
     */
    public EventEngineConfig clock(EngineClock newClock) {
        this.clock = newClock;
        return this;
    }

    /**
     * Sets who is told how far a recovery has come.
     *
     * @param progress nobody when not set
     * @return this
     */
    public EventEngineConfig recoveryProgress(RecoveryProgress progress) {
        this.recoveryProgress = progress;
        return this;
    }

    /**
     * Names event types that the journal may hold and this engine no longer knows. Their events are passed over during
     * recovery and counted in the report; any other unknown type refuses the start.
     *
     * @param names stable names
     * @return this
     */
    public EventEngineConfig retiredEventTypes(String... names) {
        this.retiredEventTypes = Set.of(names);
        return this;
    }

    Settings conclude() {
        require(name != null && !name.isBlank(), "an engine's name must not be blank", "name", name);
        require(ringSize >= 2 && ringSize <= MAX_RING_SIZE && Integer.bitCount(ringSize) == 1,
                "a ring size is a power of two from 2 to " + MAX_RING_SIZE, "ringSize", ringSize);
        require(slotBytes >= 16 && slotBytes <= 65_536, "a slot keeps from 16 to 65536 bytes", "slotBytes", slotBytes);
        require((long) slotBytes * ringSize <= 1L << 30,
                "the slots' buffers together must not take more than 1 GiB; lower ringSize or slotBytes",
                "ringSize*slotBytes", (long) slotBytes * ringSize);
        require(producerMode != null, "choose MULTI or SINGLE", "producerMode", null);
        require(waitMode != null, "choose SPINNING, YIELDING or PARKING", "waitMode", null);
        require(publishTimeout != null && !publishTimeout.isNegative() && publishTimeout.compareTo(LONGEST) <= 0,
                "a time-out is from zero to " + LONGEST, "publishTimeout", publishTimeout);
        require(checkpointInterval != null && checkpointInterval.compareTo(Duration.ZERO) > 0
                && checkpointInterval.compareTo(LONGEST) <= 0,
                "a checkpoint interval is more than zero and at most " + LONGEST, "checkpointInterval",
                checkpointInterval);
        require(deadLettersInMemory >= 1, "at least one dead letter is held in memory", "deadLettersInMemory",
                deadLettersInMemory);
        require(timeEvery >= 1, "one in one or more slots is timed", "timeEvery", timeEvery);
        require(outboxSize >= 0, "at least one event of a handler may wait", "outboxSize", outboxSize);
        require(onDivergence != null, "choose FAIL or REPORT", "onDivergence", null);
        require(messageIdWindow >= 0 && messageIdWindow <= MessageIds.MAX_WINDOW,
                "message ids are remembered for 0 to " + MessageIds.MAX_WINDOW + " sequences", "messageIdWindow",
                messageIdWindow);
        require(journal != null, "leave the call out to run in memory only", "journal", null);
        require(clock != null, "leave the call out to use the system's clock", "clock", null);
        require(recoveryProgress != null, "leave the call out to be told nothing", "recoveryProgress", null);
        return new Settings(name, ringSize, slotBytes, producerMode, waitMode, fused, publishTimeout,
                checkpointInterval, deadLettersInMemory, timeEvery, outboxOrDefault(), onDivergence, messageIdWindow,
                journal, clock, recoveryProgress, retiredEventTypes);
    }

    private int outboxOrDefault() {
        return outboxSize > 0 ? outboxSize : Math.max(LEAST_DEFAULT_OUTBOX, 4 * ringSize);
    }

    private static void require(boolean holds, String rule, String what, Object value) {
        if (!holds) {
            throw new InvalidConfigurationException(rule + ": " + what + "=" + Objects.toString(value));
        }
    }

    /** The concluded configuration. */
    record Settings(String name, int ringSize, int slotBytes, ProducerMode producerMode, WaitMode waitMode,
            boolean fused, Duration publishTimeout, Duration checkpointInterval, int deadLettersInMemory,
            int timeEvery, int outboxSize, DivergencePolicy onDivergence, int messageIdWindow, Journal journal,
            EngineClock clock, RecoveryProgress recoveryProgress, Set<String> retiredEventTypes) {
    }
}
