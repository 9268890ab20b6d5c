package io.ringbus.engine.program;

import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.Tick;
import io.ringbus.engine.support.Trade;
import java.nio.ByteBuffer;

/** The events of the random programs: everything about one follows from its id. */
final class Events {

    private static final String POISON = "poison";

    private Events() {
    }

    static Class<? extends Numbered> typeOf(long id) {
        return switch ((int) (id % 3)) {
            case 0 -> Trade.class;
            case 1 -> Note.class;
            default -> Tick.class;
        };
    }

    static Numbered make(long id) {
        if (typeOf(id) == Trade.class) {
            return Trade.of(id);
        }
        if (typeOf(id) == Note.class) {
            return new Note(id);
        }
        Tick tick = new Tick();
        tick.id = id;
        return tick;
    }

    static Class<?> typeToSubscribe(int dice) {
        return switch (dice) {
            case 0 -> Trade.class;
            case 1 -> Note.class;
            case 2 -> Tick.class;
            default -> Numbered.class;
        };
    }

    static Trade poison() {
        return new Trade(0, POISON);
    }

    static Trade tooLarge() {
        return new Trade(0, "x".repeat(2_000));
    }

    /** Of no registered type. */
    static Object unregistered() {
        return new Object();
    }

    static EventType<Trade> tradeType() {
        return Trade.TYPE.codec(new PoisonedCodec());
    }

    /** Whether an event has arrived as it was made. */
    static boolean isWhole(Numbered event) {
        return event.getClass() == typeOf(event.id())
                && (!(event instanceof Trade trade) || trade.equals(Trade.of(trade.id())));
    }

    private static final class PoisonedCodec implements EventCodec<Trade> {

        private final Trade.Codec codec = new Trade.Codec();

        @Override
        public void encode(Trade event, ByteBuffer target) {
            codec.encode(event, target);
            if (event.text().equals(POISON)) {
                throw new IllegalStateException("this event cannot be encoded");
            }
        }

        @Override
        public Trade decode(ByteBuffer source, int version, Trade reuse) {
            return codec.decode(source, version, reuse);
        }
    }
}
