package io.ringbus.examples.tradingcore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class SummaryTest {

    private final Histogram latencies = new Histogram(3);

    @Test
    void shouldGiveAllItKnowsAsOneLineOfJson() throws IOException {
        latencies.recordValue(1_500);
        String json = summary(10, Path.of("journal")).toJson();

        assertThat(json).doesNotContain("\n");
        Map<String, Object> read = JSON.std.mapFrom(json);
        assertThat(read).containsExactly(
                Map.entry("inputEvents", 10), Map.entry("recoveredEvents", 5), Map.entry("refused", 1),
                Map.entry("unknownOrders", 2), Map.entry("liveOrders", 3), Map.entry("bookHash", "abc"),
                Map.entry("topChanges", 7), Map.entry("dropCopiesExpected", 6),
                Map.entry("dropCopiesDelivered", 4), Map.entry("retries", 9),
                Map.entry("deadLetters", 2), Map.entry("ordersRequested", 13), Map.entry("ordersSent", 11),
                Map.entry("divergences", 0), Map.entry("eventsPerSecond", 20),
                Map.entry("latencyMicros", Map.of("p50", 1.5, "p99", 1.5, "p999", 1.5, "max", 1.5)),
                Map.entry("journal", "journal"));
    }

    @Test
    void shouldSayNullForNoJournalAndZeroForWhatWasNotMeasured() throws IOException {
        Map<String, Object> read = JSON.std.mapFrom(summary(0, null).toJson());

        assertThat(read).containsEntry("journal", null).containsEntry("eventsPerSecond", 0);
        assertThat(read.get("latencyMicros")).isEqualTo(Map.of("p50", 0.0, "p99", 0.0, "p999", 0.0, "max", 0.0));
    }

    @Test
    void shouldTellPeopleTheSame() {
        latencies.recordValue(1_500);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        summary(10, null).print(new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8)).contains("10 from the input", "5 recovered", "hash abc",
                "4 of 6 delivered, 9 retries, 2 dead letters", "11 of 13 sent, 2 dead letters", "7 changes of the top",
                "p50 1.5 µs", "nothing is kept");
    }

    @Test
    void shouldMentionDivergencesToPeopleWhenThereAreSome() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        summary(10, null).print(new PrintStream(out, true, StandardCharsets.UTF_8));
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("divergences");
        summary(new Summary.Input(5, 10, 3), null).print(new PrintStream(out, true, StandardCharsets.UTF_8));
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("3 divergences");
    }

    private Summary summary(long inputEvents, Path journal) {
        return summary(new Summary.Input(5, inputEvents, 0), journal);
    }

    private Summary summary(Summary.Input input, Path journal) {
        return new Summary(input, new Summary.Market(1, 2, 3, "abc", 7), new Summary.DropCopies(6, 4, 2, 9),
                new Summary.Orders(13, 11, 2), new Summary.Speed(500_000_000, latencies, false), journal);
    }
}
