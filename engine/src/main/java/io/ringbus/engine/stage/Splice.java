package io.ringbus.engine.stage;

import io.ringbus.engine.error.SubscriptionRefusedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the changes of a running chain, one at a time, each on the thread of the runner that came last to the gate,
 * while all the others stand there. A subscription that joins takes part behind the slot of its change; one that leaves
 * has been given everything before it.
 */
final class Splice {

    private static final Logger LOG = LoggerFactory.getLogger(Splice.class);

    /** Later ones are logged only, so that a chain that changes for ever does not grow by them. */
    private static final int MAX_STOP_ERRORS = 100;

    private final Chain.Parts parts;
    private final HandlerLinks handlerLinks;
    private final Layout.Ends ends;
    private final CutGate gate;
    private final Changes changes;
    private final Runners runners;

    private final List<String> stopErrors = new CopyOnWriteArrayList<>();
    private volatile List<Layout.Stage> stages;
    private Past past;

    Splice(Chain.Parts parts, HandlerLinks handlerLinks, Layout.Ends ends, CutGate gate, Changes changes,
            Runners runners) {
        this.parts = parts;
        this.handlerLinks = handlerLinks;
        this.ends = ends;
        this.gate = gate;
        this.changes = changes;
        this.runners = runners;
    }

    /** Says which stages the chain begins with, and who knows the past. Before it runs. */
    void begin(List<Layout.Stage> firstStages, Past newPast) {
        stages = List.copyOf(firstStages);
        past = newPast;
    }

    /** The handler stages in chain order. Any thread. */
    List<Layout.Stage> stages() {
        return stages;
    }

    /** What the stop hooks of those that have left threw, one sentence each. Any thread. */
    List<String> stopErrors() {
        return List.copyOf(stopErrors);
    }

    /**
     * Makes the change whose slot the gate stands at.
     *
     * @return to be run when all are released, since only then the next change may be announced
     */
    Runnable make() {
        Changes.Change change = changes.current();
        long place = gate.place();
        return switch (change.kind()) {
            case JOIN -> join(change, place);
            case LEAVE -> leave(change, place);
            case PAUSE -> pause(change, place);
            case RESUME -> resume(change, place);
        };
    }

    private Runnable join(Changes.Change change, long place) {
        StageSubscription subscription = change.subscription();
        if (subscription.definition().handling().workers() > 1 && past.isNeededBy(subscription, change.fromBeginning())) {
            return () -> refuse(change, "several workers cannot be given the past while the chain runs; subscribe before"
                    + " start(), or begin with the latest event", null);
        }
        int priority = subscription.definition().priority();
        HandlerLink shared = sharedLink(priority);
        boolean isOwn = subscription.definition().handling().workers() > 0;
        boolean isNew = isOwn || shared == null;
        List<HandlerLink> links = isOwn ? handlerLinks.makeOwn(subscription)
                : List.of(shared == null ? handlerLinks.makeShared(priority) : shared);
        if (isNew) {
            links.forEach(link -> link.sequence().set(place));
        }
        List<HandlerLink> begun = new ArrayList<>();
        for (HandlerLink link : links) {
            Runnable refusal = begin(change, link, new Partition(begun.size(), links.size()));
            if (refusal != null) {
                begun.forEach(each -> noteStopErrors((List<?>) gate.call(runners.of(each),
                        () -> each.remove(subscription)).result()));
                if (isNew && !runners.isFused()) {
                    links.stream().filter(each -> runners.of(each) != null).forEach(runners::dismiss);
                }
                handlerLinks.forget(subscription);
                return refusal;
            }
            begun.add(link);
        }
        if (isNew) {
            rearrange(withLinks(priority, links));
        }
        long cut = parts.ring().sequenceOf(place);
        boolean catchesUp = past.begin(subscription, change.fromBeginning(), cut);
        // Only now can others find it: whoever does sees that it has to catch up first.
        parts.subscriptions().add(subscription);
        if (catchesUp) {
            HandlerLink itsLink = links.get(0);
            runners.of(itsLink).onRelease(() -> catchUp(change, itsLink, cut));
            return () -> { };
        }
        return () -> complete(change, subscription.effectiveFrom());
    }

    /** Calls the start hook on the link's thread; returns how to refuse the change, or null when it came through. */
    private Runnable begin(Changes.Change change, HandlerLink link, Partition partition) {
        ChainRunner runner;
        try {
            runner = runners.of(link) == null ? runners.engage(link) : runners.of(link);
        } catch (OutOfMemoryError e) {
            return () -> refuse(change, "there can be no thread for its stage; use a priority that others have, or give"
                    + " the process more threads", e);
        }
        StageSubscription subscription = change.subscription();
        Throwable thrown = gate.call(runner, () -> {
            link.add(subscription.newLane(link.tools(), partition));
            return null;
        }).thrown();
        throwIfFatal(thrown);
        return thrown == null ? null : () -> refuse(change, "its start hook threw " + thrown, thrown);
    }

    private List<Layout.Stage> withLinks(int priority, List<HandlerLink> links) {
        List<Layout.Stage> more = new ArrayList<>();
        List<HandlerLink> ofStage = new ArrayList<>();
        for (Layout.Stage stage : stages) {
            if (stage.priority() == priority) {
                ofStage.addAll(stage.links());
            } else {
                more.add(stage);
            }
        }
        ofStage.addAll(links);
        more.add(new Layout.Stage(priority, ofStage));
        more.sort(Comparator.comparingInt(Layout.Stage::priority));
        return more;
    }

    private Runnable leave(Changes.Change change, long place) {
        StageSubscription subscription = change.subscription();
        for (HandlerLink link : linksOf(subscription)) {
            CutGate.Answer answer = gate.call(runners.of(link), () -> link.remove(subscription));
            throwIfFatal(answer.thrown());
            noteStopErrors((List<?>) answer.result());
        }
        subscription.cancel();
        parts.subscriptions().remove(subscription);
        if (stages.stream().anyMatch(stage -> stage.links().stream().anyMatch(HandlerLink::isEmpty))) {
            rearrange(stages.stream()
                    .map(stage -> new Layout.Stage(stage.priority(),
                            stage.links().stream().filter(link -> !link.isEmpty()).toList()))
                    .filter(stage -> !stage.links().isEmpty()).toList());
        }
        long cut = parts.ring().sequenceOf(place);
        subscription.noteUnderWay();
        past.leave(subscription, cut);
        return () -> {
            changes.overButForTheEnd(change);
            subscription.whenIdle(() -> {
                handlerLinks.forget(subscription);
                past.gone(subscription);
                changes.ended(change, cut);
            });
        };
    }

    private Runnable pause(Changes.Change change, long place) {
        StageSubscription subscription = change.subscription();
        subscription.paused(true);
        long cut = parts.ring().sequenceOf(place);
        return () -> {
            changes.overButForTheEnd(change);
            subscription.whenIdle(() -> changes.ended(change, cut));
        };
    }

    /** What waited comes first: on its stage's threads, before their next slots. */
    private Runnable resume(Changes.Change change, long place) {
        StageSubscription subscription = change.subscription();
        subscription.paused(false);
        List<HandlerLink> links = linksOf(subscription);
        AtomicInteger left = new AtomicInteger(links.size());
        long cut = parts.ring().sequenceOf(place);
        for (HandlerLink link : links) {
            runners.of(link).onRelease(() -> {
                link.letGo(subscription);
                if (left.decrementAndGet() == 0) {
                    complete(change, cut);
                }
            });
        }
        return links.isEmpty() ? () -> complete(change, cut) : () -> { };
    }

    /** On the stage's thread, released from the gate, before its next slot. */
    private void catchUp(Changes.Change change, HandlerLink link, long cut) {
        StageSubscription subscription = change.subscription();
        try {
            past.catchUp(subscription, link, cut, gate);
        } catch (CutGate.Halted e) {
            return;
        } catch (Past.Unavailable e) {
            subscription.cancel();
            CompletableFuture<Long> gone = changes.leaveFirst(subscription);
            changes.over();
            gone.whenComplete((sequence, error) -> change.done().completeExceptionally(refusal(change,
                    "what it needs of the past cannot be had from the journal: " + e.getCause(), e.getCause())));
            return;
        }
        complete(change, subscription.effectiveFrom());
    }

    private void complete(Changes.Change change, long sequence) {
        changes.over();
        change.done().complete(sequence);
    }

    /** Nothing can be promised in a JVM that ran out of memory or broke. */
    private static void throwIfFatal(Throwable thrown) {
        if (thrown instanceof VirtualMachineError fatal && !(thrown instanceof StackOverflowError)) {
            throw fatal;
        }
    }

    private void noteStopErrors(List<?> errors) {
        for (Object error : errors) {
            LOG.warn("{}", error);
            if (stopErrors.size() < MAX_STOP_ERRORS) {
                stopErrors.add(error.toString());
            }
        }
    }

    private void refuse(Changes.Change change, String why, Throwable cause) {
        changes.over();
        change.done().completeExceptionally(refusal(change, why, cause));
    }

    private static SubscriptionRefusedException refusal(Changes.Change change, String why, Throwable cause) {
        return new SubscriptionRefusedException("the subscription is not part of the chain; mend the cause, and"
                + " subscribe again; " + why + ": subscription=" + change.subscription().name(), cause);
    }

    private void rearrange(List<Layout.Stage> newStages) {
        stages = List.copyOf(newStages);
        runners.rearrange(Layout.of(ends, stages, runners.isFused()));
    }

    private HandlerLink sharedLink(int priority) {
        return stages.stream().filter(stage -> stage.priority() == priority).flatMap(stage -> stage.links().stream())
                .filter(HandlerLink::isShared).findFirst().orElse(null);
    }

    private List<HandlerLink> linksOf(StageSubscription subscription) {
        return stages.stream().flatMap(stage -> stage.links().stream()).filter(link -> link.holds(subscription))
                .toList();
    }
}
