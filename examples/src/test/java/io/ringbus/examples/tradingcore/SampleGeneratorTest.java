package io.ringbus.examples.tradingcore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleGeneratorTest {

    @Test
    void shouldWriteTheBundledSampleToTheByte() throws IOException {
        ByteArrayOutputStream generated = new ByteArrayOutputStream();
        SampleGenerator.generate(SampleGenerator.SAMPLE_SEED, SampleGenerator.SAMPLE_MESSAGES, generated);

        try (InputStream bundled = OrderSource.bundledSample().stream()) {
            assertThat(bundled.readAllBytes()).isEqualTo(generated.toByteArray());
        }
    }

    @Test
    void shouldWriteTheSampleCompressedWhereItIsTold(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("sample.csv.gz");
        SampleGenerator.main(new String[] {file.toString()});

        try (InputStream written = new GZIPInputStream(Files.newInputStream(file));
                InputStream bundled = OrderSource.bundledSample().stream()) {
            assertThat(written.readAllBytes()).isEqualTo(bundled.readAllBytes());
        }
    }

    @Test
    void shouldWriteOtherMessagesForAnotherSeed() {
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        ByteArrayOutputStream other = new ByteArrayOutputStream();
        SampleGenerator.generate(1, 1_000, one);
        SampleGenerator.generate(2, 1_000, other);

        assertThat(one.toString(StandardCharsets.US_ASCII)).isNotEqualTo(other.toString(StandardCharsets.US_ASCII));
    }

    @Test
    void shouldHaveEverythingThatARealDayHas() throws IOException {
        Map<MessageType, Integer> counts = new EnumMap<>(MessageType.class);
        OrderBook book = new OrderBook();
        long crossed = 0;
        long lastTime = 0;
        try (OrderMessageReader reader = OrderSource.bundledSample().open()) {
            for (OrderMessage message : Messages.all(reader)) {
                assertThat(message.timeNanos()).isGreaterThanOrEqualTo(lastTime);
                lastTime = message.timeNanos();
                counts.merge(message.type(), 1, Integer::sum);
                book.apply(message);
                long bid = book.bids().bestPrice();
                crossed += bid != 0 && book.asks().bestPrice() != 0 && bid >= book.asks().bestPrice() ? 1 : 0;
            }
        }

        assertThat(counts).containsOnlyKeys(MessageType.values());
        assertThat(counts.get(MessageType.NEW_ORDER)).isBetween(40_000, 55_000);
        assertThat(counts.get(MessageType.DELETION)).isBetween(30_000, 45_000);
        assertThat(counts.get(MessageType.TRADING_HALT)).isEqualTo(3);
        assertThat(book.unknownOrders()).isBetween(100L, 1_000L);
        assertThat(book.liveOrders()).isBetween(200L, 5_000L);
        assertThat(crossed).isZero();
    }
}
