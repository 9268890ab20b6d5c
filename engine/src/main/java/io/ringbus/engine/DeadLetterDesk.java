package io.ringbus.engine;

import io.ringbus.engine.retry.DeadLetter;
import io.ringbus.engine.retry.DeadLetterQuery;
import io.ringbus.engine.retry.DriveAgainReport;
import java.util.List;

/**
 * Where dead letters are worked with: of a running engine ({@link EventEngine#deadLetterDesk()}), or of a journal at
 * rest ({@link DeadLettersAtRest}).
 *
 * <p>Every act is in the outcome log when the call returns. It is written in documents of up to 256 letters, so a crash
 * within a call leaves each letter either acted on or as it was. A letter is acted on once: it is not a dead letter any
 * more, so repeating a call does nothing to it, and after a crash repeating completes what was left. When letters
 * change between a plan and the act, the act's report says what was done.
 *
 * <p>Calls may come from any thread and are done one after the other. When there are more dead letters than are held in
 * memory, each call reads the whole outcome log, and then the events in question from the journal; all letters that a
 * query means are in memory at once, so a {@link DeadLetterQuery#limit limit} bounds a large answer.
 *
 * <p>All methods throw {@link io.ringbus.engine.error.JournalException} when the journal cannot be read, or when it is
 * not certain that an act is in the log; and {@link io.ringbus.engine.error.InvalidConfigurationException} for a
 * null query, a rate that is not a positive number, and a blank reason.
 */
public interface DeadLetterDesk {

    /**
     * Lists dead letters.
     *
     * @param query which ones
     * @return the letters, in the order of their sequences, then of their subscriptions' names
     */
    List<DeadLetter> list(DeadLetterQuery query);

    /**
     * Says what {@link #driveAgain(DeadLetterQuery)} would do now. Nothing is written.
     *
     * @param query which letters
     * @return which would be driven, when, and which would be refused, with the reasons
     */
    DriveAgainReport planDriveAgain(DeadLetterQuery query);

    /**
     * Says what {@link #driveAgain(DeadLetterQuery, double)} would do now. Nothing is written.
     *
     * @param query     which letters
     * @param perSecond how many first attempts would be due in a second, more than 0
     * @return which would be driven, when, and which would be refused, with the reasons
     */
    DriveAgainReport planDriveAgain(DeadLetterQuery query, double perSecond);

    /**
     * Drives dead letters again: each becomes a pending delivery, due at once, at its first attempt, with its
     * subscription's retry policy from the beginning. Only the subscription that gave it up is given it. With
     * {@code PER_AGGREGATE} the letters of an aggregate keep their order: while one of them is pending after another
     * failure, those after it wait behind it.
     *
     * @param query which letters
     * @return what was done
     */
    DriveAgainReport driveAgain(DeadLetterQuery query);

    /**
     * Drives dead letters again at a rate: the first is due at once, and each further one a fraction of a second later.
     * The rate is that of all letters of the call together, and of their first attempts; what fails comes back by the
     * retry policy. What became overdue while no engine ran comes at once when one starts.
     *
     * @param query     which letters
     * @param perSecond how many in a second, more than 0
     * @return what was done
     */
    DriveAgainReport driveAgain(DeadLetterQuery query, double perSecond);

    /**
     * Discards dead letters: nothing is delivered, and the outcome log keeps which were discarded, when and why.
     *
     * @param query  which letters
     * @param reason why, not blank; cut to 1,000 characters
     * @return how many were discarded
     */
    long discard(DeadLetterQuery query, String reason);
}
