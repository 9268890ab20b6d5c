package io.ringbus.engine.ring;

/** A thread of an engine. Knowing it lets calls that would wait for their own thread be refused. */
public final class EngineThread extends Thread {

    private final Lifecycle lifecycle;

    /**
     * A thread, not yet started. No daemon: the JVM must not end under events that are still in the ring.
     *
     * @param lifecycle the engine
     * @param name      the thread's name
     * @param task      what it runs
     */
    public EngineThread(Lifecycle lifecycle, String name, Runnable task) {
        super(task, name);
        this.lifecycle = lifecycle;
    }

    boolean belongsTo(Lifecycle engine) {
        return lifecycle == engine;
    }
}
