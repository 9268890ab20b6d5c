package io.ringbus.engine.stage;

import io.ringbus.engine.ring.Slot;
import java.util.Objects;

/** An aggregate as a key: type and id. Changeable so that a look-up needs none of its own. */
final class AggregateKey {

    private String type;
    private long id;
    private String text;

    /** Takes the aggregate of a slot's event, which must have one. */
    AggregateKey of(Slot slot) {
        type = slot.aggregateType;
        text = slot.aggregateKey;
        id = text == null ? slot.aggregateId : 0;
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AggregateKey key && id == key.id && type.equals(key.type)
                && Objects.equals(text, key.text);
    }

    @Override
    public int hashCode() {
        int own = text == null ? Long.hashCode(id * 0x9E3779B97F4A7C15L) : text.hashCode();
        return 31 * type.hashCode() + own;
    }
}
