package io.ringbus.engine.program;

import static io.ringbus.engine.support.OpenEngines.LONG;
import static io.ringbus.engine.support.OpenEngines.all;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.DeadLetterDesk;
import io.ringbus.engine.DeadLettersAtRest;
import io.ringbus.engine.EventEngine;
import io.ringbus.engine.EventEngineConfig;
import io.ringbus.engine.Watermark;
import io.ringbus.engine.retry.DeadLetter;
import io.ringbus.engine.retry.DeadLetterQuery;
import io.ringbus.engine.retry.DriveAgainReport;
import io.ringbus.engine.retry.RetryPolicy;
import io.ringbus.engine.support.Eventually;
import io.ringbus.engine.support.FailsUntilMended;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.OpenEngines;
import io.ringbus.engine.support.Payment;
import io.ringbus.engine.support.Trade;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Acts on dead letters, restarts, crashes and work at rest in random order, against a map of which letters there are.
 * Each program follows from its seed.
 */
class DeadLetterProgramsTest {

    private static final int PROGRAMS = 6;
    private static final int STEPS = 40;

    @RegisterExtension
    final OpenEngines engines = new OpenEngines();

    private final TreeMap<Long, Numbered> dead = new TreeMap<>();
    private final Set<Long> failing = ConcurrentHashMap.newKeySet();
    private Random random;
    private ListJournal journal;
    private FailsUntilMended handler;
    private EventEngine engine;
    private long lastId;

    @ParameterizedTest(name = "programs from {0} on")
    @ValueSource(longs = {1, 101, 201, 301})
    void shouldKnowWhichLettersThereAreWhateverIsDone(long firstSeed) throws Exception {
        for (long seed = firstSeed; seed < firstSeed + PROGRAMS; seed++) {
            begin(seed);
            for (int step = 1; step <= STEPS; step++) {
                String what = "seed " + seed + ", step " + step + ": " + step();
                Eventually.until("nothing pending, " + what, () -> engine.statistics().retries().pending() == 0);
                List<DeadLetter> listed = engine.deadLetterDesk().list(DeadLetterQuery.all());
                assertThat(listed).as(what).extracting(DeadLetter::sequence).containsExactlyElementsOf(dead.keySet());
                assertThat(listed).as(what).extracting(DeadLetter::event).containsExactlyElementsOf(dead.values());
                assertThat(engine.statistics().retries().deadLetters()).as(what).isEqualTo(dead.size());
            }
            engine.close(LONG);
            assertThat(journal.violations()).isEmpty();
        }
    }

    private void begin(long seed) {
        random = new Random(seed);
        dead.clear();
        failing.clear();
        lastId = 0;
        journal = new ListJournal().readsFromLastRestatement(random.nextBoolean())
                .restateEvery(1 + random.nextInt(20));
        start();
    }

    private void start() {
        handler = new FailsUntilMended(failing::contains);
        engine = engines.make(new EventEngineConfig().journal(journal).deadLettersInMemory(1 + random.nextInt(5)));
        engine.register(Payment.TYPE);
        engine.subscribe(all("handler", handler).retry(RetryPolicy.none()));
        engine.start();
    }

    private String step() throws InterruptedException {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> publish();
            case 3, 4 -> act(engine.deadLetterDesk());
            case 5 -> atRest();
            case 6 -> restart();
            default -> clear();
        };
    }

    private String publish() throws InterruptedException {
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            long id = ++lastId;
            Numbered event = id % 2 == 0 ? Trade.of(id) : new Payment(id, id % 3 == 0 ? "ann" : "bob");
            boolean fails = random.nextInt(4) > 0;
            if (fails) {
                failing.add(id);
            }
            long sequence = engine.publish(event);
            engine.await(Watermark.HANDLED, sequence, LONG);
            if (fails) {
                dead.put(sequence, event);
            }
        }
        return "publish " + count;
    }

    private String act(DeadLetterDesk desk) {
        Question question = question();
        DeadLetterQuery query = question.query;
        List<Long> meant = meant(question);
        if (random.nextInt(3) == 0) {
            assertThat(desk.discard(query, "known")).as("discard %s", query).isEqualTo(meant.size());
            meant.forEach(dead::remove);
            return "discard " + query;
        }
        // Some are mended before they are driven, so that the model knows what becomes of them.
        for (long sequence : meant) {
            if (random.nextBoolean()) {
                failing.remove(dead.get(sequence).id());
            }
        }
        DriveAgainReport plan = desk.planDriveAgain(query);
        DriveAgainReport report = desk.driveAgain(query);
        assertThat(report.driven()).as("drive again %s", query).extracting(driven -> driven.letter().sequence())
                .containsExactlyElementsOf(meant);
        assertThat(plan.driven()).extracting(driven -> driven.letter().sequence()).containsExactlyElementsOf(meant);
        assertThat(report.refused()).isEmpty();
        assertThat(report.outOfReach()).isZero();
        dead.values().removeIf(event -> !failing.contains(event.id()));
        return "drive again " + query;
    }

    private String atRest() {
        engine.close(LONG);
        String what;
        try (DeadLettersAtRest desk = DeadLettersAtRest.open(journal)) {
            assertThat(desk.list(DeadLetterQuery.all())).extracting(DeadLetter::sequence)
                    .containsExactlyElementsOf(dead.keySet());
            what = act(desk);
        }
        start();
        return "at rest, " + what;
    }

    private String restart() {
        boolean crash = random.nextBoolean();
        ListJournal next = crash ? journal.afterCrashAt(journal.documentCount()) : journal;
        engine.close(LONG);
        journal = next;
        start();
        return crash ? "crash" : "restart";
    }

    private String clear() {
        if (random.nextInt(4) == 0) {
            assertThat(engine.clearDeadLetters()).isEqualTo(dead.size());
            dead.clear();
            return "clear";
        }
        return "nothing";
    }

    /** A query, and the model's own idea of what it means. */
    private record Question(DeadLetterQuery query, BiPredicate<Long, Numbered> means) {
    }

    private Question question() {
        DeadLetterQuery every = DeadLetterQuery.all();
        long last = dead.isEmpty() ? 1 : dead.lastKey();
        Question question = switch (random.nextInt(5)) {
            case 0 -> new Question(every.eventType("trade"), (sequence, event) -> event instanceof Trade);
            case 1 -> new Question(every.eventType("payment"), (sequence, event) -> event instanceof Payment);
            case 2 -> new Question(every.aggregate("customer", "ann"),
                    (sequence, event) -> event instanceof Payment payment && payment.customer().equals("ann"));
            case 3 -> new Question(every.sequence(last), (sequence, event) -> sequence == last);
            default -> new Question(every, (sequence, event) -> true);
        };
        return random.nextBoolean() ? new Question(question.query.limit(1 + random.nextInt(4)), question.means)
                : question;
    }

    private List<Long> meant(Question question) {
        return dead.entrySet().stream().filter(entry -> question.means.test(entry.getKey(), entry.getValue()))
                .limit(question.query.limit()).map(Map.Entry::getKey).toList();
    }
}
