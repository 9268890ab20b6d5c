package io.ringbus.engine.ring;

import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.error.WrongProducerThreadException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Who may claim places when the ring's sequencer takes one thread at a time: the owner, which is the first thread that
 * publishes, and now and then an intruder of the engine's own, for redeliveries and commands.
 *
 * <p>The two exclude each other as in Dekker's algorithm: each first raises its own flag and then, behind a full fence,
 * looks at the other's. The owner gives way and waits; the intruder gives up after a while and comes again. So the
 * owner pays one fence per publish and never a lock. With many producers the sequencer needs no gate: {@link #OPEN}.
 */
class ProducerGate {

    /** Lets everyone pass: for a sequencer that takes many threads. */
    static final ProducerGate OPEN = new ProducerGate();

    private ProducerGate() {
    }

    /** Refuses a thread that may not publish, or not now. */
    void check() {
        // Everyone may.
    }

    /** Called before a claim by a publisher. */
    void enter() {
        // Everyone may.
    }

    /** Called after the publish, or without one. */
    void exit() {
        // Everyone may.
    }

    /**
     * Called before a claim by the engine.
     *
     * @param keepTrying asked between looks at the owner's flag
     * @return whether the way is free; then {@link #withdraw()} must follow
     */
    boolean intrude(BooleanSupplier keepTrying) {
        return true;
    }

    /**
     * Called before a claim by the engine, which would rather come again than wait.
     *
     * @param looks how often to look at the owner's flag
     * @return whether the way is free; then {@link #withdraw()} must follow
     */
    boolean intrude(int looks) {
        return true;
    }

    /** Ends an intrusion. */
    void withdraw() {
        // Everyone may.
    }

    static ProducerGate single() {
        return new Single();
    }

    private static final class Single extends ProducerGate {

        private static final VarHandle INSIDE;

        static {
            try {
                INSIDE = MethodHandles.lookup().findVarHandle(Single.class, "inside", boolean.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        /** Held from a successful intrusion to its end: intruders exclude each other as well. */
        private final ReentrantLock intruders = new ReentrantLock();

        private volatile Thread owner;
        private volatile boolean inside;
        private volatile boolean intruding;

        @Override
        void check() {
            Thread current = Thread.currentThread();
            if (owner != current) {
                own(current);
            }
            if (inside) {
                throw new EngineStateException("with a single producer nothing can be published from within a codec, a"
                        + " filler or an aggregate function: producerMode=SINGLE");
            }
        }

        @Override
        void enter() {
            check();
            while (true) {
                INSIDE.setVolatile(this, true);
                if (!intruding) {
                    return;
                }
                INSIDE.setRelease(this, false);
                // The intruder may have lost its processor.
                for (int turns = 0; intruding; turns++) {
                    Pause.turn(turns);
                }
            }
        }

        @Override
        void exit() {
            INSIDE.setRelease(this, false);
        }

        @Override
        boolean intrude(BooleanSupplier keepTrying) {
            intruders.lock();
            intruding = true;
            while (inside) {
                if (!keepTrying.getAsBoolean()) {
                    withdraw();
                    return false;
                }
                Thread.onSpinWait();
            }
            return true;
        }

        @Override
        boolean intrude(int looks) {
            if (!intruders.tryLock()) {
                return false;
            }
            intruding = true;
            for (int i = 0; inside; i++) {
                if (i >= looks) {
                    withdraw();
                    return false;
                }
                Thread.onSpinWait();
            }
            return true;
        }

        @Override
        void withdraw() {
            intruding = false;
            intruders.unlock();
        }

        private synchronized void own(Thread current) {
            if (owner == null) {
                owner = current;
            } else if (owner != current) {
                throw new WrongProducerThreadException("only the thread that published first may publish; use"
                        + " producerMode=MULTI to publish from several: producerMode=SINGLE, owner=" + owner.getName()
                        + ", thread=" + current.getName());
            }
        }
    }
}
