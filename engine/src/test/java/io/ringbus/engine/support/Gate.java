package io.ringbus.engine.support;

import java.util.concurrent.CountDownLatch;

/** Holds whoever passes until it is opened, and tells when somebody has come to it. */
public final class Gate {

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    /** Waits until the gate is open. */
    public void pass() throws InterruptedException {
        reached.countDown();
        opened.await();
    }

    /** Waits until the gate is open, whoever interrupts; the flag is set again afterwards. */
    public void passUninterruptibly() {
        reached.countDown();
        boolean interrupted = false;
        while (opened.getCount() > 0) {
            try {
                opened.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    public void awaitArrival() {
        Eventually.await("somebody at the gate", reached);
    }

    public void open() {
        opened.countDown();
    }
}
