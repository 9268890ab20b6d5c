package io.ringbus.engine.support;

import io.ringbus.engine.event.EventContext;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

/** Records each attempt, and then fails so many first ones of the chosen events. */
public final class FailsFirstAttempts extends RecordingHandler {

    private final int attempts;
    private final LongPredicate which;
    private final Supplier<? extends Throwable> error;

    public FailsFirstAttempts(int attempts, LongPredicate which, Supplier<? extends Throwable> error) {
        this.attempts = attempts;
        this.which = which;
        this.error = error;
    }

    public FailsFirstAttempts(int attempts) {
        this(attempts, id -> true, () -> new IllegalStateException("not yet"));
    }

    public static FailsFirstAttempts always(LongPredicate which) {
        return new FailsFirstAttempts(Integer.MAX_VALUE, which, () -> new IllegalStateException("never"));
    }

    @Override
    public void onEvent(Numbered event, EventContext context) throws Exception {
        super.onEvent(event, context);
        if (which.test(event.id()) && context.attempt() <= attempts) {
            Throwable thrown = error.get();
            if (thrown instanceof Error fatal) {
                throw fatal;
            }
            throw (Exception) thrown;
        }
    }
}
