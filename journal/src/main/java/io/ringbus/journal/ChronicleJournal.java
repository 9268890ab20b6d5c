package io.ringbus.journal;

import io.ringbus.engine.error.InvalidConfigurationException;
import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.Journal;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.journal.codec.RecordCodec;
import io.ringbus.journal.policy.DamagePolicy;
import io.ringbus.journal.policy.RollCycle;
import io.ringbus.journal.policy.SyncMode;
import io.ringbus.journal.store.QueueShape;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A journal in a directory, on Chronicle Queue.
 *
 * <pre>{@code
 * Journal journal = ChronicleJournal.in(Path.of("journal")).sync(SyncMode.BATCH);
 * }</pre>
 *
 * <p>Immutable: each method returns a changed copy. The JVM needs flags; without them {@link #open} says which.
 */
public final class ChronicleJournal implements Journal {

    /** The largest encoded event by default: 1 MiB. */
    public static final int DEFAULT_MAX_EVENT_BYTES = 1 << 20;
    /** The size at which a batch is cut by default: 64 KiB. */
    public static final int DEFAULT_BATCH_BYTES = 64 << 10;
    /** The same where each batch is forced, which costs more than the bytes: 256 KiB. */
    public static final int DEFAULT_SYNCED_BATCH_BYTES = 256 << 10;

    private static final int MIN_GROUP_BYTES = 4 << 20;
    private static final int MIN_BATCH_BYTES = 256;
    private static final int MAX_BATCH_BYTES = 1 << 20;
    /** No size was given: it depends on the sync mode. */
    private static final int BY_DEFAULT = Integer.MIN_VALUE;

    private final Path directory;
    private final Settings settings;

    private ChronicleJournal(Path directory, Settings settings) {
        this.directory = directory;
        this.settings = settings;
    }

    /**
     * A journal with the defaults.
     *
     * @param directory where it is, or will be; made when it does not exist
     * @return the journal, not opened
     */
    public static ChronicleJournal in(Path directory) {
        Objects.requireNonNull(directory, "directory is null: name the journal's directory");
        return new ChronicleJournal(directory.toAbsolutePath().normalize(), new Settings(SyncMode.NONE,
                RollCycle.HOURLY, DEFAULT_MAX_EVENT_BYTES, BY_DEFAULT, DamagePolicy.CUT_TORN_TAIL,
                QueueShape.DEFAULT_BLOCK_BYTES));
    }

    /**
     * How safe a batch is before it counts as journaled.
     *
     * @param mode {@link SyncMode#NONE} by default, which loses the last seconds with the machine;
     *             {@link SyncMode#BATCH} costs a force per batch, about 0.2 to 0.7 ms on a local disk
     * @return the changed copy
     */
    public ChronicleJournal sync(SyncMode mode) {
        Objects.requireNonNull(mode, "sync mode is null");
        return with(new Settings(mode, settings.rollCycle, settings.maxEventBytes, settings.givenBatchBytes,
                settings.onDamage, settings.blockBytes));
    }

    /**
     * How long one file is written to. A journal keeps the roll cycle it was made with.
     *
     * @param cycle {@link RollCycle#HOURLY} by default
     * @return the changed copy
     */
    public ChronicleJournal rollCycle(RollCycle cycle) {
        Objects.requireNonNull(cycle, "roll cycle is null");
        return with(new Settings(settings.sync, cycle, settings.maxEventBytes, settings.givenBatchBytes,
                settings.onDamage, settings.blockBytes));
    }

    /**
     * The largest encoded event. A larger one is refused to its publisher.
     *
     * @param bytes 1 to 8 MiB; 1 MiB by default
     * @return the changed copy
     */
    public ChronicleJournal maxEventBytes(int bytes) {
        return with(new Settings(settings.sync, settings.rollCycle, bytes, settings.givenBatchBytes, settings.onDamage,
                settings.blockBytes));
    }

    /**
     * The size at which a batch is cut, so that downstream starts early. A larger one makes fewer, cheaper appends and
     * forces, and lets the first event of a batch wait longer.
     *
     * @param bytes 256 to 1 MiB; by default {@value #DEFAULT_BATCH_BYTES}, and with {@link SyncMode#BATCH}
     *              {@value #DEFAULT_SYNCED_BATCH_BYTES}
     * @return the changed copy
     */
    public ChronicleJournal batchBytes(int bytes) {
        return with(new Settings(settings.sync, settings.rollCycle, settings.maxEventBytes, bytes, settings.onDamage,
                settings.blockBytes));
    }

    /**
     * What to do about a piece of journal that is torn, flipped, missing or foreign.
     *
     * @param policy {@link DamagePolicy#CUT_TORN_TAIL} by default
     * @return the changed copy
     */
    public ChronicleJournal onDamage(DamagePolicy policy) {
        Objects.requireNonNull(policy, "damage policy is null");
        return with(new Settings(settings.sync, settings.rollCycle, settings.maxEventBytes, settings.givenBatchBytes,
                policy, settings.blockBytes));
    }

    /** Smaller files for tests, with smaller batches. */
    ChronicleJournal blockBytes(int bytes) {
        return with(new Settings(settings.sync, settings.rollCycle, settings.maxEventBytes, settings.givenBatchBytes,
                settings.onDamage, bytes));
    }

    /**
     * The directory.
     *
     * @return its absolute path
     */
    public Path directory() {
        return directory;
    }

    @Override
    public JournalSession open(List<EventType<?>> types, EngineClock clock) {
        settings.validate();
        return ChronicleSession.open(directory, settings, types, clock);
    }

    /** The codec of a type that brings none. */
    static <T> EventCodec<T> defaultCodec(EventType<T> type) {
        return RecordCodec.of(type.eventClass());
    }

    private ChronicleJournal with(Settings changed) {
        return new ChronicleJournal(directory, changed);
    }

    /** The values, which are validated together when the journal is opened. */
    record Settings(SyncMode sync, RollCycle rollCycle, int maxEventBytes, int givenBatchBytes, DamagePolicy onDamage,
            int blockBytes) {

        int maxBatchBytes() {
            return QueueShape.events(blockBytes).maxBatchBytes();
        }

        /** What one group may take, frames and texts included; the rest of a batch is for what was added before. */
        int maxGroupBytes() {
            return Math.max(maxEventBytes, Math.min(MIN_GROUP_BYTES, maxBatchBytes() / 4));
        }

        /** The size at which a batch is cut. */
        int batchBytes() {
            if (givenBatchBytes != BY_DEFAULT) {
                return givenBatchBytes;
            }
            return Math.min(sync == SyncMode.BATCH ? DEFAULT_SYNCED_BATCH_BYTES : DEFAULT_BATCH_BYTES, mostInBatch());
        }

        private int mostInBatch() {
            return Math.min(MAX_BATCH_BYTES, maxBatchBytes() / 4);
        }

        private void validate() {
            int most = maxBatchBytes() / 2;
            if (maxEventBytes < 1 || maxEventBytes > most) {
                throw new InvalidConfigurationException("the largest event is 1 to " + most + " bytes: maxEventBytes="
                        + maxEventBytes);
            }
            int mostInBatch = mostInBatch();
            if (givenBatchBytes < MIN_BATCH_BYTES && givenBatchBytes != BY_DEFAULT || givenBatchBytes > mostInBatch) {
                throw new InvalidConfigurationException("a batch is cut at " + MIN_BATCH_BYTES + " to " + mostInBatch
                        + " bytes: batchBytes=" + givenBatchBytes);
            }
        }
    }
}
