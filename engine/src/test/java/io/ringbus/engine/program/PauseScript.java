package io.ringbus.engine.program;

import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.program.Plan.Pause;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** Subscriptions that are paused and resumed while others publish, come and go. */
final class PauseScript {

    private final Run run;

    PauseScript(Run run) {
        this.run = run;
    }

    /** @param resumesAll whether nobody is left paused in the end */
    void play(List<Pause> pauses, boolean resumesAll) {
        try {
            for (Pause pause : pauses) {
                LockSupport.parkNanos(pause.beforeNanos());
                each(witness -> witness.plan().index() == pause.subscription(), this::pause);
                LockSupport.parkNanos(pause.lastsNanos());
                if (pause.ends()) {
                    each(witness -> witness.plan().index() == pause.subscription(), this::resume);
                }
            }
            if (resumesAll) {
                each(witness -> witness.pauses().isOpen(), this::resume);
            }
        } catch (EngineStateException e) {
            run.require(run.mayRefuse(), "a pause was refused: " + e);
        } catch (RuntimeException | Error e) {
            run.require(false, "pauses: " + e);
        }
    }

    private void each(Predicate<Witness> chosen, ToLongFunction<Witness> change) {
        for (Witness witness : run.witnesses()) {
            if (chosen.test(witness) && witness.isHere() && witness.isBounded()) {
                try {
                    change.applyAsLong(witness);
                } catch (EngineStateException e) {
                    // It has left meanwhile, or is about to; or the engine has failed.
                    if (witness.isHere()) {
                        throw e;
                    }
                }
            }
        }
    }

    private long pause(Witness witness) {
        long published = run.publishedThrough();
        witness.pauses().begins(published);
        long last = witness.handle().pause();
        witness.pauses().begun();
        String what = witness.plan().name() + ", paused behind " + last;
        run.require(last >= published, what + ", which is before what was published: " + published);
        run.require(witness.isIdle(), what + ", is not done with it");
        run.require(witness.attempted().stream().allMatch(sequence -> sequence <= last), what + ", was given "
                + witness.attempted());
        return last;
    }

    private long resume(Witness witness) {
        long after = witness.pauses().ends();
        long published = run.publishedThrough();
        long last = witness.handle().resume();
        String what = witness.plan().name() + ", resumed through " + last;
        run.require(last >= published, what + ", which is before what was published: " + published);
        if (after < last) {
            Map<Long, Long> waited = run.published(after, last);
            waited.entrySet().removeIf(event -> !witness.isPassedOver(event.getKey(), event.getValue()));
            run.require(waited.isEmpty() || run.mayRefuse() || !witness.isHere(), what + ", was not given " + waited);
        }
        witness.pauses().ended(last);
        return last;
    }
}
