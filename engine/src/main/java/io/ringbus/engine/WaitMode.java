package io.ringbus.engine;

/** How a stage waits for the next event. */
public enum WaitMode {
    /**
     * Never leaves the processor: lowest latency, a whole core per stage, and slower when cores are fewer than stages.
     */
    SPINNING,
    /**
     * Spins, then yields the processor to others: low latency, but an idle engine still uses its cores fully. Where
     * stages and a publisher are more than there are cores, a stage sleeps for some 50 to 100 microseconds at a time
     * while the one before it is half a ring of events behind, and at least 1,024.
     */
    YIELDING,
    /**
     * Spins and yields for some microseconds, then parks until it is woken: an idle engine costs next to nothing; the
     * first event after a pause comes some 50 microseconds later. The default.
     */
    PARKING
}
