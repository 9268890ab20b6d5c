package io.ringbus.engine.program;

import io.ringbus.engine.Subscription;
import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.program.Plan.Change;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Subscriptions that come and go while others publish, one after the other. */
final class ChangeScript {

    private final Run run;

    ChangeScript(Run run) {
        this.run = run;
    }

    void play(List<Change> changes) {
        try {
            for (Change change : changes) {
                LockSupport.parkNanos(change.pauseNanos());
                if (change.joins()) {
                    run.join(change.subscription(), change.priority());
                } else {
                    leave(change.subscription());
                }
            }
        } catch (EngineStateException e) {
            run.require(run.mayRefuse(), "a change was refused: " + e);
        } catch (RuntimeException | Error e) {
            run.require(false, "changes: " + e);
        }
    }

    private void leave(int subscription) {
        run.witnesses().stream().filter(w -> w.plan().index() == subscription && w.isHere()).forEach(witness -> {
            Subscription handle = witness.leaves();
            long last = handle.unsubscribe();
            run.require(!handle.isActive(), witness.plan().name() + " is active after it has left");
            witness.left(last, run.logState().pendingOf(witness.plan().name()).keySet());
        });
    }
}
