package io.ringbus.journal.policy;

/**
 * What to do about a piece of journal that is torn, flipped, missing or foreign.
 *
 * <p>An end is <em>torn</em> when no valid batch stands behind the first invalid byte, and nothing proves that a batch
 * which had been forced to disk stood there. Everything else is <em>damage</em>.
 */
public enum DamagePolicy {
    /**
     * A torn end is cut off and reported; damage is refused. The default: a torn end is what a crash leaves behind,
     * and it was never acknowledged as safely as configured. Risk: with {@link SyncMode#NONE}, a last batch that went
     * bad later looks like one that a crash tore, and is cut as well; the report says so.
     */
    CUT_TORN_TAIL,
    /** A torn end is refused like any damage, so that a person decides. */
    FAIL,
    /**
     * Damage is passed over, when opening and when reading, and each place is reported. Risk: events are missing, and
     * a state that is rebuilt without them is another state.
     */
    SKIP_AND_REPORT
}
