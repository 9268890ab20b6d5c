package io.ringbus.engine.program;

import io.ringbus.engine.DeadLetterDesk;
import io.ringbus.engine.DeadLettersAtRest;
import io.ringbus.engine.error.EngineStateException;
import io.ringbus.engine.event.RecoveryMode;
import io.ringbus.engine.program.Plan.Act;
import io.ringbus.engine.retry.DeadLetter;
import io.ringbus.engine.retry.DeadLetterQuery;
import io.ringbus.engine.retry.DriveAgainReport;
import io.ringbus.engine.support.Numbered;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** An operator who drives dead letters again, some of them mended, and discards others; also while no engine runs. */
final class DeskScript {

    private final DeadLetterDesk desk;
    private final Run run;

    DeskScript(DeadLetterDesk desk, Run run) {
        this.desk = desk;
        this.run = run;
    }

    void play(List<Act> acts) {
        try {
            for (Act act : acts) {
                LockSupport.parkNanos(act.pauseNanos());
                desk.list(DeadLetterQuery.all().limit(act.letters())).forEach(letter -> play(act, letter));
            }
        } catch (EngineStateException e) {
            run.require(run.mayRefuse(), "an act was refused: " + e);
        } catch (RuntimeException | Error e) {
            run.require(run.mayRefuse(), "acts: " + e);
        }
    }

    private void play(Act act, DeadLetter letter) {
        SubscriptionPlan plan = run.subscription(letter.subscription());
        List<Witness> witnesses = run.witnesses().stream().filter(w -> w.plan() == plan).toList();
        DeadLetterQuery query = DeadLetterQuery.all().subscription(letter.subscription()).sequence(letter.sequence());
        run.touches(plan, letter.sequence());
        if (act.discards()) {
            if (desk.discard(query, "as planned") == 1) {
                witnesses.forEach(witness -> witness.isDiscarded(letter.sequence()));
            }
            return;
        }
        boolean isAtRest = desk instanceof DeadLettersAtRest;
        long id = isAtRest ? run.idOf(letter.sequence()) : ((Numbered) letter.event()).id();
        if (id % 2 == 0 && plan.recovery() != RecoveryMode.REBUILD) {
            run.mends(plan, id);
        }
        run.drivesAgain(plan, letter.sequence());
        DriveAgainReport report = desk.driveAgain(query);
        // The log does not tell how a subscription recovers: the next start knows it.
        run.require(report.driven().isEmpty() || plan.recovery() != RecoveryMode.REBUILD || isAtRest,
                "a rebuilding subscription was driven: " + report);
    }
}
