package io.ringbus.engine.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.lmax.disruptor.Sequence;
import io.ringbus.engine.ring.Slot.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a recovery fills and publishes, some places at a time: here a quarter of the ring. */
class FeedTest {

    private static final int SIZE = 16;
    private static final int AT_ONCE = 4;

    private final Sequence lastLink = new Sequence();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldPublishSomePlacesAtATime(boolean manyProducers) {
        EventRing ring = ring(manyProducers);
        Feed feed = new Feed(ring);
        for (int i = 1; i < AT_ONCE; i++) {
            assertThat(feed.tryAdd(FeedTest::barrier)).isTrue();
            assertThat(ring.publishedPlace()).isEqualTo(-1);
        }
        assertThat(feed.tryAdd(FeedTest::barrier)).isTrue();
        assertThat(ring.publishedPlace()).isEqualTo(AT_ONCE - 1);
        feed.close();
        assertThat(ring.cursor()).isEqualTo(AT_ONCE - 1);
        assertThat(ring.claims().injected()).isEqualTo(AT_ONCE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldPublishWhatIsLeftWhenClosed(boolean manyProducers) {
        EventRing ring = ring(manyProducers);
        try (Feed feed = new Feed(ring)) {
            feed.tryAdd(FeedTest::barrier);
        }
        assertThat(kinds(ring)).containsExactly(Kind.BARRIER, Kind.VOID, Kind.VOID, Kind.VOID);
        assertThat(ring.claims().injected()).as("slots of the engine's own").isEqualTo(AT_ONCE);
        assertThat(ring.claims().tryInject(FeedTest::barrier)).as("the way is free again").isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldPublishWhatWasFilledBeforeAFailure(boolean manyProducers) {
        for (int before = 0; before < AT_ONCE; before++) {
            EventRing ring = ring(manyProducers);
            try (Feed feed = new Feed(ring)) {
                for (int i = 0; i < before; i++) {
                    feed.tryAdd(FeedTest::barrier);
                }
                assertThatThrownBy(() -> feed.tryAdd(slot -> {
                    barrier(slot);
                    throw new IllegalStateException("cannot be decoded");
                })).hasMessage("cannot be decoded");
            }
            assertThat(kinds(ring)).hasSize(AT_ONCE).endsWith(Kind.VOID);
            assertThat(kinds(ring).stream().filter(Kind.BARRIER::equals)).hasSize(before);
            assertThat(ring.claims().tryInject(FeedTest::barrier)).as("the way is free again").isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLeaveNothingUnpublishedWhenTheRingIsFull(boolean manyProducers) {
        EventRing ring = ring(manyProducers);
        Feed feed = new Feed(ring);
        for (int i = 0; i < SIZE; i++) {
            assertThat(feed.tryAdd(FeedTest::barrier)).isTrue();
        }
        assertThat(feed.tryAdd(FeedTest::barrier)).isFalse();
        assertThat(ring.publishedPlace()).isEqualTo(SIZE - 1);
        lastLink.set(0);
        assertThat(feed.tryAdd(FeedTest::barrier)).as("one place is free").isTrue();
        assertThat(ring.publishedPlace()).isEqualTo(SIZE);
        assertThat(feed.tryAdd(FeedTest::barrier)).isFalse();
    }

    @Test
    void shouldLetNobodyPublishItsPlacesOnASingleProducersRing() {
        EventRing ring = ring(false);
        Feed feed = new Feed(ring);
        feed.tryAdd(FeedTest::barrier);
        assertThat(injectedByAnother(ring)).isFalse();
        assertThat(ring.publishedPlace()).isEqualTo(-1);
        feed.close();
        assertThat(injectedByAnother(ring)).isTrue();
    }

    private EventRing ring(boolean manyProducers) {
        EventRing ring = new EventRing(new EventRing.Shape(SIZE, manyProducers, EventRing.Waiting.YIELDING), List.of(),
                0, Duration.ofSeconds(1), new Lifecycle());
        lastLink.set(-1);
        ring.gate(lastLink, () -> "none");
        return ring;
    }

    private static void barrier(Slot slot) {
        slot.becomeBarrier(() -> { });
    }

    private static boolean injectedByAnother(EventRing ring) {
        return CompletableFuture.supplyAsync(() -> ring.claims().tryInject(FeedTest::barrier)).join();
    }

    private static List<Kind> kinds(EventRing ring) {
        return LongStream.rangeClosed(0, ring.publishedPlace()).mapToObj(place -> ring.slot(place).kind).toList();
    }
}
