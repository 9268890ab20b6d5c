package io.ringbus.engine;

import io.ringbus.engine.error.EngineClosedException;
import io.ringbus.engine.ring.Delivery.EventCopy;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.JournalSession;
import io.ringbus.engine.spi.StoredEvent;
import io.ringbus.engine.stage.DeadLetters.Held;
import io.ringbus.engine.stage.DeadLetters.Stock;
import io.ringbus.engine.stage.DeadLetters;
import io.ringbus.engine.stage.DeliveryLedger;
import io.ringbus.engine.stage.OutcomeRecorder;
import io.ringbus.engine.stage.StoredEvents;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The dead letters of a journal at rest; of their events no more than the header is read. */
final class RestingLetters implements LetterSource {

    /** No event type is registered. */
    private static final int NO_TYPE = -1;

    private final JournalSession session;
    /** No bound: a restatement must not leave out what an engine with more memory would still hold. */
    private final DeliveryLedger ledger = new DeliveryLedger(new DeadLetters(Integer.MAX_VALUE));
    private final OutcomeRecorder recorder;

    private boolean ended;

    RestingLetters(JournalSession session, EngineClock clock) {
        this.session = session;
        this.recorder = new OutcomeRecorder(session.outcomes(), ledger, clock);
        session.outcomes().read(ledger::apply);
        ledger.endOfLog();
    }

    @Override
    public synchronized <T> T inTurn(String call, Supplier<T> work) {
        if (ended) {
            throw new EngineClosedException("the journal was given back; open it again: call=" + call);
        }
        return work.get();
    }

    synchronized void end() {
        ended = true;
        session.close();
    }

    @Override
    public Stock stock() {
        return recorder.deadLetters();
    }

    @Override
    public Letter letterOf(Held held) {
        return Letter.of(held.outcome(), null, null);
    }

    @Override
    public List<Letter> withEvents(List<Letter> letters) {
        TreeSet<Long> wanted = letters.stream().filter(letter -> letter.copy() == null)
                .map(letter -> letter.view().sequence()).collect(Collectors.toCollection(TreeSet::new));
        Map<Long, Header> found = new HashMap<>();
        StoredEvents.read(session, wanted, stored -> found.put(stored.sequence(), Header.of(stored)));
        return letters.stream().map(letter -> {
            Header header = letter.copy() == null ? found.get(letter.view().sequence()) : null;
            return header == null ? letter : letter.with(header.typeName, header.copy);
        }).toList();
    }

    @Override
    public String refusal(Letter letter) {
        DeliveryLedger.Position position = ledger.positions().get(letter.view().subscription());
        if (position == null) {
            return "no subscription of this name ever resumes from this journal; drive again on a running engine that"
                    + " has it";
        }
        if (!position.present()) {
            return "the subscription has left the chain; drive again on a running engine that has it";
        }
        return letter.copy() == null ? "its event is not in the journal any more" : null;
    }

    @Override
    public Done carryOut(List<Act> acts, Stock stock) {
        recorder.closeGap();
        // Nobody comes or goes in a journal at rest.
        List<Boolean> effects = recorder.act(acts.stream().map(Act::outcome).toList(), stock.clearings(), i -> true);
        session.outcomes().sync();
        return Done.of(acts, effects, List.of());
    }

    private record Header(String typeName, EventCopy copy) {

        static Header of(StoredEvent stored) {
            return new Header(stored.typeName(), new EventCopy(NO_TYPE, stored.timestampNanos(),
                    stored.aggregateType(), stored.aggregateId(), stored.aggregateKey(), null));
        }
    }
}
