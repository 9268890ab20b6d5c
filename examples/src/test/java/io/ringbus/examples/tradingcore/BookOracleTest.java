package io.ringbus.examples.tradingcore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The book against the oracle, over generated order flow. */
class BookOracleTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(longs = {SampleGenerator.SAMPLE_SEED, 1, 2, 3})
    void shouldAgreeOnBookAndTops(long seed) throws IOException {
        int messages = seed == SampleGenerator.SAMPLE_SEED ? SampleGenerator.SAMPLE_MESSAGES : 10_000;
        ByteArrayOutputStream csv = new ByteArrayOutputStream();
        SampleGenerator.generate(seed, messages, csv);
        BookOracle oracle = BookOracle.read(new ByteArrayInputStream(csv.toByteArray()));

        Path file = directory.resolve("tops.csv");
        OrderBook book = new OrderBook();
        TopChanged top = new TopChanged();
        try (TopsFile tops = new TopsFile(file);
                OrderMessageReader reader = new OrderMessageReader("generated",
                        new ByteArrayInputStream(csv.toByteArray()))) {
            tops.begin();
            for (OrderMessage message : Messages.all(reader)) {
                book.apply(message);
                if (top.update(book)) {
                    tops.onTopChanged(message, top);
                }
            }
        }

        assertThat(book.hash()).isEqualTo(oracle.bookHash());
        assertThat(book.liveOrders()).isEqualTo(oracle.liveOrders());
        assertThat(book.unknownOrders()).isEqualTo(oracle.unknownOrders());
        List<String> rows = Files.readAllLines(file);
        assertThat(rows).hasSizeGreaterThan(messages / 10).isEqualTo(oracle.tops());
    }
}
