package io.ringbus.engine;

import io.ringbus.engine.LetterSource.Act;
import io.ringbus.engine.LetterSource.Done;
import io.ringbus.engine.error.InvalidConfigurationException;
import io.ringbus.engine.retry.DeadLetter;
import io.ringbus.engine.retry.DeadLetterQuery;
import io.ringbus.engine.retry.DriveAgainReport;
import io.ringbus.engine.retry.DriveAgainReport.Driven;
import io.ringbus.engine.retry.DriveAgainReport.Refused;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.Outcome;
import io.ringbus.engine.stage.DeadLetters.Stock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Finds the letters that a query means, and does what was asked for, wherever they are. */
final class DeadLetterWork implements DeadLetterDesk {

    /** How many acts become one document of the outcome log. */
    private static final int ACTS_AT_ONCE = 256;
    /** How many events are looked up at once while only some of their letters are meant. */
    private static final int EVENTS_AT_ONCE = 1_024;
    /** Some 73 years: can still be added to the clock. */
    private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

    private final LetterSource source;
    private final EngineClock clock;

    DeadLetterWork(LetterSource source, EngineClock clock) {
        this.source = source;
        this.clock = clock;
    }

    @Override
    public List<DeadLetter> list(DeadLetterQuery query) {
        requireQuery(query);
        return source.inTurn("list", () -> source.withEvents(find(query, source.stock())).stream().map(Letter::view)
                .toList());
    }

    @Override
    public DriveAgainReport planDriveAgain(DeadLetterQuery query) {
        requireQuery(query);
        return source.inTurn("planDriveAgain", () -> plan(query, 0).report());
    }

    @Override
    public DriveAgainReport planDriveAgain(DeadLetterQuery query, double perSecond) {
        requireQuery(query);
        double spacing = spacing(perSecond);
        return source.inTurn("planDriveAgain", () -> plan(query, spacing).report());
    }

    @Override
    public DriveAgainReport driveAgain(DeadLetterQuery query) {
        requireQuery(query);
        return source.inTurn("driveAgain", () -> driveAgain(plan(query, 0)));
    }

    @Override
    public DriveAgainReport driveAgain(DeadLetterQuery query, double perSecond) {
        requireQuery(query);
        double spacing = spacing(perSecond);
        return source.inTurn("driveAgain", () -> driveAgain(plan(query, spacing)));
    }

    @Override
    public long discard(DeadLetterQuery query, String reason) {
        requireQuery(query);
        if (reason == null || reason.isBlank()) {
            throw new InvalidConfigurationException("a letter is discarded for a reason, which the outcome log keeps;"
                    + " say why: reason=" + reason);
        }
        return source.inTurn("discard", () -> {
            long now = clock.epochNanos();
            Stock stock = source.stock();
            List<Act> acts = find(query, stock).stream().map(letter -> new Act(letter, new Outcome.Discarded(
                    letter.view().subscription(), letter.view().sequence(), now, reason))).toList();
            return (long) carryOut(acts, stock).acts().size();
        });
    }

    /** What is to be done, and what is not. */
    private record Plan(Stock stock, List<Act> acts, List<Refused> refused) {

        DriveAgainReport report() {
            return report(new Done(acts, List.of()));
        }

        DriveAgainReport report(Done done) {
            return new DriveAgainReport(done.acts().stream().map(act -> new Driven(act.letter().view(),
                    Letter.instant(((Outcome.DrivenAgain) act.outcome()).dueAt()))).toList(),
                    Stream.concat(refused.stream(), done.refused().stream())
                            .sorted(Comparator.comparingLong(each -> each.letter().sequence())).toList(),
                    stock.outOfReach());
        }
    }

    private Plan plan(DeadLetterQuery query, double spacingNanos) {
        long now = clock.epochNanos();
        Stock stock = source.stock();
        List<Act> acts = new ArrayList<>();
        List<Refused> refused = new ArrayList<>();
        for (Letter letter : source.withEvents(find(query, stock))) {
            String refusal = source.refusal(letter);
            if (refusal != null) {
                refused.add(new Refused(letter.view(), refusal));
            } else {
                long dueAt = now + (long) Math.min(acts.size() * spacingNanos, LONGEST_NANOS);
                acts.add(new Act(letter, new Outcome.DrivenAgain(letter.view().subscription(),
                        letter.view().sequence(), now, dueAt)));
            }
        }
        return new Plan(stock, acts, refused);
    }

    private DriveAgainReport driveAgain(Plan plan) {
        return plan.report(carryOut(plan.acts, plan.stock));
    }

    private Done carryOut(List<Act> acts, Stock stock) {
        Done all = new Done(new ArrayList<>(), new ArrayList<>());
        for (int from = 0; from < acts.size(); from += ACTS_AT_ONCE) {
            Done done = source.carryOut(acts.subList(from, Math.min(acts.size(), from + ACTS_AT_ONCE)), stock);
            all.acts().addAll(done.acts());
            all.refused().addAll(done.refused());
        }
        return all;
    }

    /** The letters, with their events only where the query asks for these: what is broken can still be discarded. */
    private List<Letter> find(DeadLetterQuery query, Stock stock) {
        Instant now = Letter.instant(clock.epochNanos());
        DeadLetterQuery withoutEvent = query.anyEvent();
        List<Letter> candidates = stock.letters().stream().map(source::letterOf)
                .filter(letter -> withoutEvent.matches(letter.view(), now)).sorted(Letter.ORDER).toList();
        if (!query.asksForEvent()) {
            return candidates.stream().limit(query.limit()).toList();
        }
        List<Letter> meant = new ArrayList<>();
        for (int from = 0; from < candidates.size() && meant.size() < query.limit(); from += EVENTS_AT_ONCE) {
            source.withEvents(candidates.subList(from, Math.min(candidates.size(), from + EVENTS_AT_ONCE))).stream()
                    .filter(letter -> query.matches(letter.view(), now)).limit(query.limit() - meant.size())
                    .forEach(meant::add);
        }
        return meant;
    }

    private static void requireQuery(DeadLetterQuery query) {
        if (query == null) {
            throw new InvalidConfigurationException("say which dead letters are meant, or use DeadLetterQuery.all():"
                    + " query=null");
        }
    }

    private static double spacing(double perSecond) {
        if (!(perSecond > 0) || Double.isInfinite(perSecond)) {
            throw new InvalidConfigurationException("a rate is a positive number; leave it out to drive all at once:"
                    + " perSecond=" + perSecond);
        }
        return TimeUnit.SECONDS.toNanos(1) / perSecond;
    }
}
