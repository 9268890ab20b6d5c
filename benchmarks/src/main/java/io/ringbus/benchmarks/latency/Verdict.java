package io.ringbus.benchmarks.latency;

import java.util.concurrent.TimeUnit;

/**
 * Whether a run may be believed.
 *
 * @param standing what became of it
 * @param reason   why it is not valid; empty when it is
 */
public record Verdict(Standing standing, String reason) {

    private static final Verdict VALID = new Verdict(Standing.VALID, "");

    /** What became of a run. */
    public enum Standing {
        /** The rate was kept and the result is right. */
        VALID,
        /** The result is right, but the rate was missed: its latencies are those of another load. */
        INVALID,
        /** An event was lost or damaged, or the run did not end: there are no latencies. */
        FAILED
    }

    static Verdict failed(String reason) {
        return new Verdict(Standing.FAILED, reason);
    }

    static Verdict of(RunPlan plan, Schedule schedule, OpenLoop.Pace pace, long drainedBehind) {
        long allowed = plan.times().behind().toNanos();
        if (pace.last() < schedule.last()) {
            return missed("the publisher gave up, more than " + OpenLoop.GIVES_UP_BEHIND.toSeconds()
                    + " s behind: published=" + (pace.last() - schedule.first() + 1) + ", due=" + schedule.count());
        }
        if (pace.worstBehind() > allowed) {
            return missed("the publisher fell behind: worst=" + millis(pace.worstBehind()) + ", atTheEnd="
                    + millis(pace.endBehind()) + ", allowed=" + millis(allowed));
        }
        if (drainedBehind > allowed) {
            return missed("the last event was handled late: late=" + millis(drainedBehind) + ", allowed="
                    + millis(allowed));
        }
        return VALID;
    }

    /**
     * Whether its latencies are those of the rate that was asked for.
     *
     * @return whether the standing is {@link Standing#VALID}
     */
    public boolean isValid() {
        return standing == Standing.VALID;
    }

    private static Verdict missed(String reason) {
        return new Verdict(Standing.INVALID, reason);
    }

    private static String millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos) + " ms";
    }
}
