package io.ringbus.engine.program;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The pauses of one subscription: which events may have waited in them. One thread makes them, any thread asks. */
final class Pauses {

    private static final long OPEN = Long.MAX_VALUE;

    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private volatile boolean inForce;

    /** Events behind one sequence, up to and including another. */
    private record Span(long after, long through) {
    }

    /** Before a pause is asked for: from now on, what is published may have to wait. */
    void begins(long publishedThrough) {
        if (!isOpen()) {
            spans.add(new Span(publishedThrough, OPEN));
        }
    }

    /** The pause was made: nothing is delivered any more. */
    void begun() {
        inForce = true;
    }

    /** Before the end of the pause is asked for; returns the sequence behind which events wait. */
    long ends() {
        inForce = false;
        return isOpen() ? spans.get(spans.size() - 1).after : OPEN;
    }

    /** What waited was delivered. */
    void ended(long through) {
        if (isOpen()) {
            spans.set(spans.size() - 1, new Span(spans.get(spans.size() - 1).after, through));
        }
    }

    boolean isInForce() {
        return inForce;
    }

    /** Whether one was asked for, and not yet ended. */
    boolean isOpen() {
        return !spans.isEmpty() && spans.get(spans.size() - 1).through == OPEN;
    }

    boolean mayHold(long sequence) {
        return spans.stream().anyMatch(span -> sequence > span.after && sequence <= span.through);
    }
}
