package io.ringbus.engine.ring;

import io.ringbus.engine.error.CalledFromHandlerException;
import io.ringbus.engine.error.EngineClosedException;
import io.ringbus.engine.error.EngineFailedException;
import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.stats.EngineState;

/**
 * The engine's state, and the cause when it failed. Publishers read it on every publish; whoever moves it down does so
 * under this object's lock.
 */
public final class Lifecycle {

    private volatile EngineState state = EngineState.NEW;
    private volatile Throwable failure;

    /** Begins as {@link EngineState#NEW}. */
    public Lifecycle() {
        // The state stands at its field.
    }

    /**
     * The state now.
     *
     * @return the state
     */
    public EngineState state() {
        return state;
    }

    /**
     * What stopped the engine.
     *
     * @return the cause, or null while nothing did
     */
    public Throwable failure() {
        return failure;
    }

    /**
     * Moves on when the state is still the expected one.
     *
     * @param expected the state to leave
     * @param next     the state to enter
     * @return whether it moved
     */
    public synchronized boolean advance(EngineState expected, EngineState next) {
        if (state != expected) {
            return false;
        }
        state = next;
        return true;
    }

    /**
     * Records what stops the engine. The first cause stays; a later one is suppressed under it.
     *
     * @param cause what happened
     * @return whether it is the first
     */
    public synchronized boolean fail(Throwable cause) {
        if (failure != null) {
            // What tells of the failure has it as its cause, and a circle helps nobody who reads the trace.
            if (failure != cause && cause.getCause() != failure) {
                failure.addSuppressed(cause);
            }
            return false;
        }
        failure = cause;
        if (state != EngineState.CLOSED) {
            state = EngineState.FAILED;
        }
        return true;
    }

    /** Ends everything. */
    public synchronized void closed() {
        state = EngineState.CLOSED;
    }

    /**
     * Whether events may be published.
     *
     * @return true while {@link EngineState#RUNNING}
     */
    public boolean isOpen() {
        return state == EngineState.RUNNING;
    }

    /**
     * Why events may not be published.
     *
     * @return the exception to throw
     */
    public synchronized EngineStateException refusal() {
        Throwable cause = failure;
        EngineState now = state;
        if (cause != null) {
            return new EngineFailedException("the engine stopped because of an error, and nothing more is published;"
                    + " close it, mend the cause, and start a new one: state=" + now + ", cause=" + cause, cause);
        }
        return switch (now) {
            case NEW, RECOVERING -> new EngineStateException(
                    "publish after start() has returned: state=" + now);
            default -> new EngineClosedException("the engine takes no more events: state=" + now);
        };
    }

    /**
     * Whether the calling thread is one of this engine's own.
     *
     * @return true on a stage's thread or the timer's
     */
    public boolean onEngineThread() {
        return Thread.currentThread() instanceof EngineThread thread && thread.belongsTo(this);
    }

    /**
     * Refuses a call that waits for the chain on one of this engine's own threads.
     *
     * @param call    its name
     * @param instead what can be used there
     * @throws CalledFromHandlerException when it is one of them
     */
    public void requireNoEngineThread(String call, String instead) {
        if (onEngineThread()) {
            throw new CalledFromHandlerException("a handler that waited for the chain would wait for itself; call it"
                    + " from another thread, or use " + instead + ": call=" + call + ", thread="
                    + Thread.currentThread().getName());
        }
    }
}
