package io.ringbus.engine.spi;

/** The engine's time. Thread-safe; allocates nothing. Tests pass one they move by hand. */
public interface EngineClock {

    /**
     * Wall-clock time.
     *
     * @return nanoseconds since the epoch (1970-01-01T00:00Z)
     */
    long epochNanos();

    /**
     * The clock of the operating system, read through {@link System#nanoTime()} and corrected against the wall clock
     * once a second.
     *
     * @return the shared instance
     */
    static EngineClock system() {
        return SystemEngineClock.INSTANCE;
    }
}
