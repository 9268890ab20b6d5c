package io.ringbus.journal;

import io.ringbus.engine.EventEngine;
import io.ringbus.engine.EventEngineConfig;
import java.nio.file.Path;

/** An engine that keeps its events in a directory, in one line and with the defaults. */
public final class DurableEngine {

    private DurableEngine() {
    }

    /**
     * An engine with a journal in a directory. Same as {@code new EventEngine(new
     * EventEngineConfig().journal(ChronicleJournal.in(directory)))}; begin there to change a default. What the defaults
     * risk:
     * <ul>
     * <li>an event is journaled in the page cache: it survives the process being killed, but the last seconds may be
     * lost with the machine ({@link ChronicleJournal#sync});
     * <li>a journal whose end is torn is cut there, reported, and gone on with ({@link ChronicleJournal#onDamage});
     * <li>an encoded event of more than 1 MiB is refused ({@link ChronicleJournal#maxEventBytes});
     * <li>a publisher may stand still for 5 s before it is told that the ring of 16,384 slots is full
     * ({@link EventEngineConfig#publishTimeout}, {@link EventEngineConfig#ringSize});
     * <li>after a crash a resuming subscription is given again what it had handled in the last second
     * ({@link EventEngineConfig#checkpointInterval});
     * <li>publishing under a message id is refused ({@link EventEngineConfig#messageIdWindow}).
     * </ul>
     *
     * <p>Nothing is opened before {@link EventEngine#start()}; the JVM needs flags, and without them that says which.
     *
     * @param directory where the journal is, or will be; made when it does not exist
     * @return a new engine, to be given event types and subscriptions and then started
     */
    public static EventEngine in(Path directory) {
        return new EventEngine(new EventEngineConfig().journal(ChronicleJournal.in(directory)));
    }
}
