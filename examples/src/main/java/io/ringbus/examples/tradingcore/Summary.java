package io.ringbus.examples.tradingcore;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a run came to.
 *
 * @param input      where the events came from
 * @param market     the state that is rebuilt from the journal
 * @param dropCopies what became of the drop copies
 * @param orders     what became of the strategy's orders
 * @param speed      how fast it went
 * @param journal    its directory; null without one
 */
record Summary(Input input, Market market, DropCopies dropCopies, Orders orders, Speed speed, Path journal) {

    private static final double NANOS_PER_MICRO = 1_000;
    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * This run.
     *
     * @param recovered   messages that the journal held before
     * @param read        messages read from the input and published
     * @param divergences how often a handler did not publish again what the journal holds
     */
    record Input(long recovered, long read, long divergences) {
    }

    /**
     * Since the first event of the journal.
     *
     * @param refused       new orders out of bounds
     * @param unknownOrders messages on orders that the book does not know
     * @param liveOrders    orders in the book
     * @param bookHash      their digest
     * @param topChanges    how often the top of the book changed
     */
    record Market(long refused, long unknownOrders, long liveOrders, String bookHash, long topChanges) {
    }

    /**
     * Since the first event of the journal, but for the retries.
     *
     * @param expected    executions
     * @param delivered   of them, accepted by the gateway
     * @param deadLetters given up
     * @param retries     further attempts, in this run
     */
    record DropCopies(long expected, long delivered, long deadLetters, long retries) {
    }

    /**
     * Since the first event of the journal.
     *
     * @param requested by the strategy
     * @param sent      of them, accepted by the exchange, each counted once
     * @param dead      given up
     */
    record Orders(long requested, long sent, long dead) {
    }

    /**
     * This run.
     *
     * @param nanos     from the first publish until every message was handled
     * @param latencies from publish to the book, nanoseconds
     * @param paced     whether messages were published at a rate, or as fast as the ring took them
     */
    record Speed(long nanos, Histogram latencies, boolean paced) {
    }

    /**
     * How fast this run was.
     *
     * @return events a second, rounded; 0 when there were none
     */
    long eventsPerSecond() {
        return input.read == 0 ? 0 : Math.round(input.read * NANOS_PER_SECOND / Math.max(speed.nanos, 1));
    }

    /**
     * For people.
     *
     * @param out takes a few lines
     */
    void print(PrintStream out) {
        line(out, "Events       %,d from the input in %.2f s (%,d per second), %,d recovered", input.read,
                speed.nanos / NANOS_PER_SECOND, eventsPerSecond(), input.recovered);
        if (input.divergences > 0) {
            line(out, "             %,d divergences: handlers decide otherwise than the journal says they did",
                    input.divergences);
        }
        line(out, "Order book   %,d live orders, %,d messages on unknown orders, %,d changes of the top",
                market.liveOrders, market.unknownOrders, market.topChanges);
        line(out, "             hash %s", market.bookHash);
        line(out, "Risk gate    %,d orders out of bounds", market.refused);
        line(out, "Drop copies  %,d of %,d delivered, %,d retries, %,d dead letters", dropCopies.delivered,
                dropCopies.expected, dropCopies.retries, dropCopies.deadLetters);
        line(out, "Orders       %,d of %,d sent, %,d dead letters", orders.sent, orders.requested, orders.dead);
        if (input.read > 0) {
            line(out, "To the book  p50 %,.1f µs, p99 %,.1f µs, p99.9 %,.1f µs, max %,.1f µs", micros(50), micros(99),
                    micros(99.9), micros(100));
            if (!speed.paced) {
                line(out, "             nearly all of it waiting in a full ring; --rate N publishes at a steady rate");
            }
        }
        line(out, "Journal      %s", journal == null ? "none: nothing is kept; --journal DIR keeps it" : journal);
    }

    /**
     * For programs.
     *
     * @return one JSON object on one line
     */
    String toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("inputEvents", input.read);
        json.put("recoveredEvents", input.recovered);
        json.put("refused", market.refused);
        json.put("unknownOrders", market.unknownOrders);
        json.put("liveOrders", market.liveOrders);
        json.put("bookHash", market.bookHash);
        json.put("topChanges", market.topChanges);
        json.put("dropCopiesExpected", dropCopies.expected);
        json.put("dropCopiesDelivered", dropCopies.delivered);
        json.put("retries", dropCopies.retries);
        json.put("deadLetters", dropCopies.deadLetters);
        json.put("ordersRequested", orders.requested);
        json.put("ordersSent", orders.sent);
        json.put("divergences", input.divergences);
        json.put("eventsPerSecond", eventsPerSecond());
        Map<String, Object> latency = new LinkedHashMap<>();
        latency.put("p50", micros(50));
        latency.put("p99", micros(99));
        latency.put("p999", micros(99.9));
        latency.put("max", micros(100));
        json.put("latencyMicros", latency);
        json.put("journal", journal == null ? null : journal.toString());
        try {
            return JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(json);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot happen while writing to a string", e);
        }
    }

    private double micros(double percentile) {
        Histogram latencies = speed.latencies;
        return latencies.getTotalCount() == 0 ? 0 : latencies.getValueAtPercentile(percentile) / NANOS_PER_MICRO;
    }

    private static void line(PrintStream out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
