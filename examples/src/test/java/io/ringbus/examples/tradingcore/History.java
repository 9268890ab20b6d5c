package io.ringbus.examples.tradingcore;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.journal.replay.Replay;
import io.ringbus.journal.replay.ReplayReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a journal holds, read without an engine, so that it can be compared with another journal's: sequences have gaps
 * that differ from run to run, so each event is known by the line of the input that it goes back to.
 *
 * @param tops     the changes of the top, in the journal's order
 * @param requests the order requests, in the journal's order
 */
record History(List<Top> tops, List<Request> requests) {

    /** A change of the top, by the line of the message that caused it. */
    record Top(long line, long askPrice, long askSize, long bidPrice, long bidSize) {
    }

    /** An order request, by the line of the message that caused the change of the top that caused it. */
    record Request(long line, OrderRequest request) {
    }

    /** Reads it all; each event has the cause it should have, is the only one of it, and comes after it. */
    static History of(Path journal) {
        History history = new History(new ArrayList<>(), new ArrayList<>());
        Map<Long, Long> lineByMessage = new HashMap<>();
        Map<Long, Long> lineByTop = new HashMap<>();
        Set<String> causes = new HashSet<>();
        ReplayReport report = Replay.of(journal).decode(
                List.of(TradingCore.ORDER_MESSAGE, TopChanged.TYPE, OrderRequest.TYPE), (stored, event) -> {
                    if (stored.causeSequence() > 0) {
                        String cause = stored.causeSequence() + " " + stored.causeSubscription();
                        assertThat(stored.causeOrdinal()).as(cause).isZero();
                        assertThat(causes.add(cause)).as("the only event of %s", cause).isTrue();
                        assertThat(stored.sequence()).isGreaterThan(stored.causeSequence());
                    }
                    if (event instanceof OrderMessage message) {
                        assertThat(stored.causeSequence()).isZero();
                        lineByMessage.put(stored.sequence(), message.line());
                    } else if (event instanceof TopChanged top) {
                        assertThat(stored.causeSubscription()).isEqualTo(TradingCore.BOOK_SUBSCRIPTION);
                        long line = lineByMessage.get(stored.causeSequence());
                        lineByTop.put(stored.sequence(), line);
                        history.tops.add(new Top(line, top.askPrice(), top.askSize(), top.bidPrice(), top.bidSize()));
                    } else {
                        assertThat(stored.causeSubscription()).isEqualTo(TradingCore.STRATEGY_SUBSCRIPTION);
                        assertThat(stored.aggregateType()).isEqualTo("side");
                        OrderRequest request = (OrderRequest) event;
                        assertThat(stored.aggregateId()).isEqualTo(request.direction().sign());
                        history.requests.add(new Request(lineByTop.get(stored.causeSequence()), request));
                    }
                });
        assertThat(report.findings()).isEmpty();
        return history;
    }
}
