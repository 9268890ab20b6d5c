package io.ringbus.engine.retry;

import java.time.Instant;
import java.util.List;

/**
 * Which dead letters are driven again and which are not: what a plan says would happen, or what an act did.
 *
 * @param driven     those that are driven again, in the order in which they are due: by sequence, then by subscription
 * @param refused    those that stay dead letters although they were asked for, by sequence
 * @param outOfReach how many dead letters there are that could not be looked at, because they are neither in memory nor
 *                   in the outcome log any more; whether the query means them is not known
 */
public record DriveAgainReport(List<Driven> driven, List<Refused> refused, long outOfReach) {

    /**
     * Copies the lists.
     *
     * @param driven     as above
     * @param refused    as above
     * @param outOfReach as above
     */
    public DriveAgainReport {
        driven = List.copyOf(driven);
        refused = List.copyOf(refused);
    }

    /**
     * A letter that becomes a pending delivery at its first attempt.
     *
     * @param letter the letter
     * @param dueAt  when the attempt is due
     */
    public record Driven(DeadLetter letter, Instant dueAt) {
    }

    /**
     * A letter that stays one.
     *
     * @param letter the letter
     * @param reason why, and what to do
     */
    public record Refused(DeadLetter letter, String reason) {
    }
}
