package io.ringbus.journal.codec;

import io.ringbus.engine.error.DecodingException;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Each pair of classes is one event type before and after a change; they differ in name because none is written. */
class RecordCodecEvolutionTest {

    enum Side { BUY, SELL }

    enum NewSide { HIDDEN, SELL, SHORT, BUY }

    record Leg(long id, String venue, int size) {
    }

    record Order(long id, Leg first, List<Leg> legs, Side side, String symbol, double price) {
    }

    record NewLeg(Optional<String> note, int size, boolean hidden, long id) {
    }

    record NewOrder(String symbol, List<NewLeg> legs, NewSide side, int lots, Integer box, long id,
                    Optional<Long> parent, List<String> tags, Set<String> flags, Map<String, Long> totals,
                    NewLeg first, String text, char mark) {
    }

    record Narrow(byte tiny, short small, int size, float ratio, List<Integer> list, Set<Integer> keys) {
    }

    record Wider(short tiny, int small, long size, double ratio, List<Long> list, Set<Long> keys) {
    }

    record Bare(int size, String text, Leg leg) {
    }

    record Lenient(Optional<Long> size, Optional<String> text, Optional<NewLeg> leg) {
    }

    record Box(Integer size) {
    }

    record AsEnum(Side side) {
    }

    record AsText(String side) {
    }

    record Renamed(NewSide side) {
    }

    record Shouting(NewSide side, List<String> symbols) {
        Shouting {
            if (symbols.isEmpty()) {
                throw new IllegalArgumentException("no symbols");
            }
        }
    }

    @Test
    void shouldReadOldEventsAfterComponentsWereAddedRemovedReorderedAndClassesRenamed() {
        Leg leg = new Leg(7, "XNAS", 100);
        Order old = new Order(42, leg, List.of(leg, new Leg(8, "ARCA", 200)), Side.SELL, "AAPL", 1.5);
        NewLeg newLeg = new NewLeg(Optional.empty(), 100, false, 7);
        assertThat(Samples.reread(old, Order.class, NewOrder.class)).isEqualTo(new NewOrder("AAPL",
                List.of(newLeg, new NewLeg(Optional.empty(), 200, false, 8)), NewSide.SELL, 0, null, 42,
                Optional.empty(), List.of(), Set.of(), Map.of(), newLeg, null, '\0'));
    }

    @Test
    void shouldReadNewEventsWithTheOldRecordAfterARollback() {
        NewLeg leg = new NewLeg(Optional.of("n"), 5, true, 6);
        NewOrder event = new NewOrder("AAPL", List.of(leg), NewSide.BUY, 3, 4, 42, Optional.of(9L), List.of("t"),
                Set.of("f", "g"), Map.of("k", 1L), leg, "text", 'c');
        assertThat(Samples.reread(event, NewOrder.class, Order.class))
                .isEqualTo(new Order(42, new Leg(6, null, 5), List.of(new Leg(6, null, 5)), Side.BUY, "AAPL", 0));
    }

    @Test
    void shouldPassOverEveryKindOfRemovedComponent() {
        record Last(Optional<List<Optional<Double>>> deep) {
        }
        Samples samples = new Samples(5);
        for (int i = 0; i < 1_000; i++) {
            Samples.Rich rich = samples.rich();
            assertThat(Samples.reread(rich, Samples.Rich.class, Last.class)).isEqualTo(new Last(rich.deep()));
        }
    }

    @Test
    void shouldWidenNumbers() {
        assertThat(Samples.reread(new Narrow((byte) -1, (short) -2, -3, 0.5f, List.of(4), Set.of(5, 6)),
                Narrow.class, Wider.class))
                .isEqualTo(new Wider((short) -1, -2, -3, 0.5, List.of(4L), Set.of(5L, 6L)));
    }

    @Test
    void shouldLetAComponentBecomeOptionalAndBack() {
        assertThat(Samples.reread(new Bare(3, null, new Leg(1, "v", 2)), Bare.class, Lenient.class)).isEqualTo(
                new Lenient(Optional.of(3L), Optional.empty(), Optional.of(new NewLeg(Optional.empty(), 2, false, 1))));
        assertThat(Samples.reread(new Box(3), Box.class, Lenient.class).size()).contains(3L);
        record Size(long size, String text) {
        }
        assertThat(Samples.reread(new Lenient(Optional.of(8L), Optional.empty(), Optional.empty()), Lenient.class,
                Size.class)).isEqualTo(new Size(8, null));
    }

    @Test
    void shouldRefuseANullWhereNoneCanBeAnyMore() {
        assertThatThrownBy(() -> Samples.reread(new Box(null), Box.class, Bare.class))
                .isInstanceOf(DecodingException.class)
                .hasMessageContaining("component=Bare.size").hasMessageContaining("Optional");
    }

    @Test
    void shouldLetAnEnumBecomeATextAndBack() {
        assertThat(Samples.reread(new AsEnum(Side.SELL), AsEnum.class, AsText.class).side()).isEqualTo("SELL");
        assertThat(Samples.reread(new AsText("SELL"), AsText.class, AsEnum.class).side()).isEqualTo(Side.SELL);
    }

    @Test
    void shouldNameAnEnumConstantThatIsGone() {
        assertThatThrownBy(() -> Samples.reread(new Renamed(NewSide.SHORT), Renamed.class, AsEnum.class))
                .isInstanceOf(DecodingException.class)
                .hasMessageContaining("enum=" + Side.class.getName()).hasMessageContaining("constant=SHORT");
    }

    @Test
    void shouldNameAComponentThatBecameSomethingElse() {
        record Was(long price, List<Leg> legs) {
        }
        record Scalar(String price) {
        }
        record Single(Leg legs) {
        }
        record Narrower(int price) {
        }
        Was was = new Was(1, List.of());
        assertThatThrownBy(() -> Samples.reread(was, Was.class, Scalar.class)).isInstanceOf(DecodingException.class)
                .hasMessageContaining("component=Scalar.price, written=LONG, now=STRING");
        assertThatThrownBy(() -> Samples.reread(was, Was.class, Single.class)).isInstanceOf(DecodingException.class)
                .hasMessageContaining("component=Single.legs, written=LIST");
        assertThatThrownBy(() -> Samples.reread(was, Was.class, Narrower.class)).isInstanceOf(DecodingException.class)
                .hasMessageContaining("written=LONG, now=INT");
    }

    @Test
    void shouldNameTheRecordWhoseConstructorRefusesWhatItIsGiven() {
        assertThatThrownBy(() -> Samples.reread(new AsEnum(Side.BUY), AsEnum.class, Shouting.class))
                .isInstanceOf(DecodingException.class).hasMessageContaining("record=" + Shouting.class.getName())
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldReadOldAndNewEventsInAnyOrderWithOneCodec() {
        RecordCodec<Box> today = RecordCodec.of(Box.class);
        byte[] boxed = Samples.bytes(today, new Box(1));
        byte[] bare = Samples.bytes(RecordCodec.of(Bare.class), new Bare(2, "t", null));
        for (int i = 0; i < 100; i++) {
            assertThat(Samples.event(today, bare)).isEqualTo(new Box(2));
            assertThat(Samples.event(today, boxed)).isEqualTo(new Box(1));
            assertThat(Samples.event(today, boxed)).isEqualTo(new Box(1));
        }
    }
}
