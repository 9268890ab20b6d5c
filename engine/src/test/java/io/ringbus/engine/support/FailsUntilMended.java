package io.ringbus.engine.support;

import io.ringbus.engine.event.EventContext;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;

/** Records each attempt, and fails for the events that are chosen at the time. */
public final class FailsUntilMended extends RecordingHandler {

    private volatile LongPredicate which;
    private volatile LongFunction<? extends Exception> error = id -> new IllegalStateException("broken " + id);

    public FailsUntilMended(LongPredicate which) {
        this.which = which;
    }

    public FailsUntilMended() {
        this(id -> true);
    }

    public FailsUntilMended failingWith(LongFunction<? extends Exception> newError) {
        error = newError;
        return this;
    }

    /** From now on it fails for these. */
    public void failOn(LongPredicate newWhich) {
        which = newWhich;
    }

    public void mend() {
        failOn(id -> false);
    }

    @Override
    public void onEvent(Numbered event, EventContext context) throws Exception {
        super.onEvent(event, context);
        if (which.test(event.id())) {
            throw error.apply(event.id());
        }
    }
}
