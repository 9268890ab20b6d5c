package io.ringbus.engine;

import io.ringbus.engine.retry.DeadLetter;
import io.ringbus.engine.retry.DeadLetterQuery;
import io.ringbus.engine.retry.DriveAgainReport;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.Journal;
import io.ringbus.engine.spi.JournalReport;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.StoredEvent;
import java.util.List;
import java.util.function.Consumer;

/**
 * The dead letters of a journal that no engine has open. What is driven again here is pending, and the next engine that
 * starts on the journal delivers it; an act is forced to disk before its call returns.
 *
 * <p>The whole outcome log is read for each call, so all letters are reached that it still tells of. Events are not
 * decoded, because no types are registered: {@link DeadLetter#event()} is null, and {@link #readEvent} gives the bytes.
 *
 * <p>Refused to be driven again are letters whose event is gone, and those of a subscription that the log does not know
 * as part of the chain: one that has left it, and one that never resumes ({@code LIVE}). The log does not tell a
 * {@code REBUILD} subscription from a {@code RESUME} one; when such a delivery is found pending at the next start, it
 * is returned to the dead letters, and the {@link RecoveryReport} says so.
 */
public final class DeadLettersAtRest implements DeadLetterDesk, AutoCloseable {

    private final JournalSession session;
    private final RestingLetters source;
    private final DeadLetterDesk work;

    private DeadLettersAtRest(JournalSession session, EngineClock clock) {
        this.session = session;
        this.source = new RestingLetters(session, clock);
        this.work = new DeadLetterWork(source, clock);
    }

    /**
     * Takes a journal into possession: no engine can start on it until this is closed.
     *
     * @param journal the journal, configured as for the engine
     * @return the desk; the caller closes it
     * @throws io.ringbus.engine.error.JournalLockedException when an engine has it open
     * @throws io.ringbus.engine.error.JournalException       when it cannot be had as configured
     */
    public static DeadLettersAtRest open(Journal journal) {
        return open(journal, EngineClock.system());
    }

    /**
     * Takes a journal into possession, with a clock that is not the system's.
     *
     * @param journal the journal, configured as for the engine
     * @param clock   the engine's clock
     * @return the desk; the caller closes it
     * @throws io.ringbus.engine.error.JournalLockedException when an engine has it open
     * @throws io.ringbus.engine.error.JournalException       when it cannot be had as configured
     */
    public static DeadLettersAtRest open(Journal journal, EngineClock clock) {
        JournalSession session = journal.open(List.of(), clock);
        try {
            return new DeadLettersAtRest(session, clock);
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    /**
     * What opening the journal found.
     *
     * @return the report
     */
    public JournalReport journal() {
        return session.report();
    }

    @Override
    public List<DeadLetter> list(DeadLetterQuery query) {
        return work.list(query);
    }

    @Override
    public DriveAgainReport planDriveAgain(DeadLetterQuery query) {
        return work.planDriveAgain(query);
    }

    @Override
    public DriveAgainReport planDriveAgain(DeadLetterQuery query, double perSecond) {
        return work.planDriveAgain(query, perSecond);
    }

    @Override
    public DriveAgainReport driveAgain(DeadLetterQuery query) {
        return work.driveAgain(query);
    }

    @Override
    public DriveAgainReport driveAgain(DeadLetterQuery query, double perSecond) {
        return work.driveAgain(query, perSecond);
    }

    @Override
    public long discard(DeadLetterQuery query, String reason) {
        return work.discard(query, reason);
    }

    /**
     * Reads the event of a letter as it is in the journal: type, version, aggregate, cause and encoded bytes.
     *
     * @param letter   a letter of this journal
     * @param consumer given the event, which is valid during that call only; not called when the event is gone
     */
    public void readEvent(DeadLetter letter, Consumer<? super StoredEvent> consumer) {
        source.inTurn("readEvent", () -> {
            session.read(letter.sequence(), letter.sequence(), consumer);
            return null;
        });
    }

    /** Closes the journal and gives its lock back. Idempotent. */
    @Override
    public void close() {
        source.end();
    }
}
