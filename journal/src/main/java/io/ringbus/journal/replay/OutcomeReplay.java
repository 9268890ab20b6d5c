package io.ringbus.journal.replay;

import io.ringbus.engine.error.JournalAccessException;
import io.ringbus.engine.error.JournalDamagedException;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.journal.policy.DamagePolicy;
import io.ringbus.journal.store.QueueShape;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Reads what became of a journal's deliveries, as {@link Replay} reads its events: without an engine, without a lock and
 * without writing anything; also from another process while an engine is appending. Needs no JVM flags.
 *
 * <pre>{@code
 * OutcomeReplay.of(Path.of("journal")).read(Outcome.Handled.class,
 *         handled -> System.out.println(handled.subscription() + " " + handled.sequence() + " " + handled.nanos()));
 * }</pre>
 *
 * <p>The outcomes come in the order in which they were written, from the oldest file that is kept. What an engine states
 * again comes again, between an {@link Outcome.RestatementBegun} and an {@link Outcome.RestatementEnded}; handled
 * deliveries are never stated again.
 *
 * <p>Immutable: each method returns a changed copy. Each reading goes to the end that the log has at that instant.
 */
public final class OutcomeReplay {

    private final Path directory;
    private final DamagePolicy onDamage;

    private OutcomeReplay(Path directory, DamagePolicy onDamage) {
        this.directory = directory;
        this.onDamage = onDamage;
    }

    /**
     * Reads all outcomes; damage is refused, and a torn end is reported.
     *
     * @param directory the journal's directory
     * @return the replay
     */
    public static OutcomeReplay of(Path directory) {
        Objects.requireNonNull(directory, "directory is null: name the journal's directory");
        return new OutcomeReplay(directory, DamagePolicy.CUT_TORN_TAIL);
    }

    /**
     * What to do about damage. A torn end ends the reading and is in the report, except under
     * {@link DamagePolicy#FAIL}; nothing is ever cut here. That files at the beginning are no longer there is reported
     * under each policy.
     *
     * @param policy {@link DamagePolicy#CUT_TORN_TAIL} by default
     * @return the changed copy
     */
    public OutcomeReplay onDamage(DamagePolicy policy) {
        Objects.requireNonNull(policy, "damage policy is null");
        return new OutcomeReplay(directory, policy);
    }

    /**
     * Reads all outcomes.
     *
     * @param consumer given each outcome, a value that may be kept; what it throws ends the reading
     * @return what was read
     * @throws JournalDamagedException where the log is damaged and that is not to be passed over
     * @throws JournalAccessException  when there is no journal, or it cannot be read
     */
    public OutcomeReport read(Consumer<? super Outcome> consumer) {
        return read(Outcome.class, consumer);
    }

    /**
     * Reads the outcomes of one kind.
     *
     * @param <T>      the kind
     * @param kind     the class of the outcomes to pass on
     * @param consumer given each outcome, a value that may be kept; what it throws ends the reading
     * @return what was read
     * @throws JournalDamagedException where the log is damaged and that is not to be passed over
     * @throws JournalAccessException  when there is no journal, or it cannot be read
     */
    public <T extends Outcome> OutcomeReport read(Class<T> kind, Consumer<? super T> consumer) {
        Objects.requireNonNull(kind, "kind of outcome is null: name its class");
        Objects.requireNonNull(consumer, "consumer is null");
        JournalAtRest journal = new JournalAtRest(directory, QueueShape.outcomes(QueueShape.DEFAULT_BLOCK_BYTES),
                onDamage);
        OutcomeReader reader = new OutcomeReader(journal.queue(), ForwardReading.TO_THE_END);
        long[] outcomes = new long[1];
        reader.readAll(outcome -> {
            if (kind.isInstance(outcome)) {
                outcomes[0]++;
                consumer.accept(kind.cast(outcome));
            }
        });
        if (reader.missingBatches() > 0) {
            journal.findings().add("the first files of outcomes are not there; what they said cannot be read: directory="
                    + directory + ", batches=" + reader.missingBatches());
        }
        journal.verifyEnd(reader.reading(), reader.highestSequence());
        return new OutcomeReport(outcomes[0], reader.highestSequence(), journal.findings());
    }
}
