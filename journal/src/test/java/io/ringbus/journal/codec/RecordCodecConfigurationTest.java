package io.ringbus.journal.codec;

import io.ringbus.engine.error.EncodingException;
import io.ringbus.engine.error.InvalidConfigurationException;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RecordCodecConfigurationTest {

    interface Shape {
    }

    static class Mutable {
    }

    record Holder<T>(T value) {
    }

    record Anything(Object value) {
    }

    record Interfaces(Shape shape) {
    }

    record Plain(Mutable mutable) {
    }

    @SuppressWarnings("rawtypes")
    record Raw(List list) {
    }

    record Unknown(List<?> list) {
    }

    record OfObjects(List<Object> list) {
    }

    record ArrayLists(ArrayList<String> list) {
    }

    record Arrays(int[] numbers) {
    }

    record Keys(Map<Leg, String> map) {
    }

    record Sets(Set<List<String>> set) {
    }

    record Twice(Optional<Optional<String>> value) {
    }

    record Generic(Holder<String> holder) {
    }

    record Nested(List<Optional<Interfaces>> deep) {
    }

    record Loop(int value, Optional<Loop> next) {
    }

    record First(List<Second> seconds) {
    }

    record Second(First first) {
    }

    record Leg(long id) {
    }

    record Upper(List<? extends Leg> legs, Optional<? extends Number> none) {
    }

    record Legs(List<? extends Leg> legs) {
    }

    record Maybe(Optional<String> note) {
    }

    record Names(List<String> names) {
    }

    record Tree1(Tree2 a, Tree2 b, Tree2 c, Tree2 d, Tree2 e, Tree2 f, Tree2 g, Tree2 h) {
    }

    record Tree2(Tree3 a, Tree3 b, Tree3 c, Tree3 d, Tree3 e, Tree3 f, Tree3 g, Tree3 h) {
    }

    record Tree3(Tree4 a, Tree4 b, Tree4 c, Tree4 d, Tree4 e, Tree4 f, Tree4 g, Tree4 h) {
    }

    record Tree4(Tree5 a, Tree5 b, Tree5 c, Tree5 d, Tree5 e, Tree5 f, Tree5 g, Tree5 h) {
    }

    record Tree5(int a, int b, int c, int d, int e, int f, int g, int h) {
    }

    @Test
    void shouldRefuseAClassThatIsNoRecord() {
        for (Class<?> type : new Class<?>[] {String.class, Shape.class, Mutable.class, int.class, Record.class}) {
            assertThatThrownBy(() -> RecordCodec.of(type)).isInstanceOf(InvalidConfigurationException.class)
                    .hasMessageContaining("give the event type a codec").hasMessageEndingWith("class=" + type.getName());
        }
        assertThatThrownBy(() -> RecordCodec.of(null)).isInstanceOf(InvalidConfigurationException.class)
                .hasMessageEndingWith("class=null");
    }

    @Test
    void shouldNameRecordComponentAndTypeOfWhatItCouldNotReadBack() {
        for (Class<?> type : List.of(Anything.class, Interfaces.class, Plain.class, Raw.class, Unknown.class,
                OfObjects.class, ArrayLists.class, Arrays.class, Keys.class, Sets.class, Twice.class, Generic.class,
                Upper.class)) {
            assertRefused(type, type, type.getRecordComponents()[type == Upper.class ? 1 : 0].getName(), null);
        }
        assertRefused(Nested.class, Interfaces.class, "shape", Shape.class);
    }

    @Test
    void shouldRefuseRecordsThatLeadBackToThemselves() {
        assertRefused(Loop.class, Loop.class, "next", Loop.class);
        assertRefused(First.class, Second.class, "first", First.class);
    }

    @Test
    void shouldRefuseTypeParameters() {
        assertThatThrownBy(() -> RecordCodec.of(Holder.class)).isInstanceOf(InvalidConfigurationException.class)
                .hasMessageEndingWith("record=" + Holder.class.getName());
    }

    @Test
    void shouldRefuseARecordWhoseNamesTakeMoreThanAnEventCanCarry() {
        assertThatThrownBy(() -> RecordCodec.of(Tree1.class)).isInstanceOf(InvalidConfigurationException.class)
                .hasMessageEndingWith("record=" + Tree1.class.getName());
        assertThat(RecordCodec.of(Tree3.class)).isNotNull();
    }

    @Test
    void shouldRefuseCollectionsNestedDeeperThanAnyoneReads() {
        record Deep(List<List<List<List<List<List<List<List<List<List<List<List<List<List<List<List<List<List<List<List<
                List<List<List<List<List<List<List<List<List<List<List<List<String>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>> list) {
        }
        assertThatThrownBy(() -> RecordCodec.of(Deep.class)).isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("depth>" + Layout.MAX_DEPTH);
    }

    @Test
    void shouldTakeTheBoundOfAWildcard() {
        Legs legs = new Legs(List.of(new Leg(1)));
        assertThat(Samples.reread(legs, Legs.class, Legs.class)).isEqualTo(legs);
    }

    @Test
    void shouldRefuseToFillARecordInPlace() {
        RecordCodec<Leg> codec = RecordCodec.of(Leg.class);
        assertThatThrownBy(() -> codec.decode(ByteBuffer.wrap(Samples.bytes(codec, new Leg(1))), 1, new Leg(2)))
                .isInstanceOf(InvalidConfigurationException.class).hasMessageEndingWith("class=" + Leg.class.getName());
    }

    @Test
    void shouldRefuseANullOptionalAndNameTheComponent() {
        assertThatThrownBy(() -> Samples.bytes(RecordCodec.of(Maybe.class), new Maybe(null)))
                .isInstanceOf(EncodingException.class).hasMessageEndingWith("component=Maybe.note");
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void shouldRefuseElementsOfAnotherClassThanDeclaredAndLeaveTheBufferAsItWas() {
        RecordCodec<Names> codec = RecordCodec.of(Names.class);
        ByteBuffer buffer = ByteBuffer.allocate(100).position(7);
        assertThatThrownBy(() -> codec.encode(new Names((List) List.of(1)), buffer))
                .isInstanceOf(ClassCastException.class);
        assertThat(buffer.position()).isEqualTo(7);
    }

    private static void assertRefused(Class<?> type, Class<?> owner, String component, Type componentType) {
        assertThatThrownBy(() -> RecordCodec.of(type)).isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("give the event type a codec")
                .hasMessageContaining("record=" + owner.getName() + ", component=" + component + ", type="
                        + (componentType == null ? "" : componentType.getTypeName()));
    }
}
