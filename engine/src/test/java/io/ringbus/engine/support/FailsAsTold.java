package io.ringbus.engine.support;

import io.ringbus.engine.event.EventContext;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Records each attempt, and fails those of the events that it was told to fail, until it is told otherwise. */
public final class FailsAsTold extends RecordingHandler {

    private final Set<Long> failing = ConcurrentHashMap.newKeySet();
    private volatile boolean failsBatchEnd;

    public FailsAsTold(Long... ids) {
        failing.addAll(Set.of(ids));
    }

    public void mend(long id) {
        failing.remove(id);
    }

    /** Fails the end of the next batch, once. */
    public FailsAsTold failingBatchEnd() {
        failsBatchEnd = true;
        return this;
    }

    @Override
    public void onEvent(Numbered event, EventContext context) throws Exception {
        super.onEvent(event, context);
        if (failing.contains(event.id())) {
            throw new IllegalStateException("told to");
        }
    }

    @Override
    public void onBatchEnd() throws Exception {
        super.onBatchEnd();
        if (failsBatchEnd) {
            failsBatchEnd = false;
            throw new IllegalStateException("told to fail the batch");
        }
    }
}
