package io.ringbus.engine.program;

import io.ringbus.engine.event.EventCodec;
import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.support.Note;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.Tick;
import io.ringbus.engine.support.Trade;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The events of the random programs: everything about one follows from its id. */
final class Events {

    /** Ids from here on are of events that are published under a message id. */
    static final long ONCE_FROM = 500_000;

    private static final long BY_ENGINE_FROM = 900_000;
    private static final long FOLLOW_UPS_FROM = 1_000_000;
    private static final int MOST_SUBSCRIPTIONS = 8;
    private static final int MOST_FOLLOW_UPS = 4;
    private static final String AGGREGATE = "account";
    private static final String POISON = "poison";

    private Events() {
    }

    /** Whether a handler published it. */
    static boolean isFollowUp(long id) {
        return id >= BY_ENGINE_FROM;
    }

    static boolean hasCause(long id) {
        return id >= FOLLOW_UPS_FROM;
    }

    static boolean isPublishedOnce(long id) {
        return id >= ONCE_FROM && !isFollowUp(id);
    }

    /** What a handler publishes through the engine, numbered as it comes. */
    static long byEngine(long number) {
        return BY_ENGINE_FROM + number;
    }

    /** What a subscription publishes for a cause: always the same. */
    static long followUp(long cause, int subscription, int ordinal) {
        return FOLLOW_UPS_FROM + (cause * MOST_SUBSCRIPTIONS + subscription) * MOST_FOLLOW_UPS + ordinal;
    }

    /** The account an event is about, of three; null for a note, which is about none. */
    static Long accountOf(long id) {
        return typeOf(id) == Note.class ? null : id / 3 % 3;
    }

    /** An event's id as the codecs write it. */
    static long idIn(byte[] encoded) {
        return ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** Whether the context names the account of an event. */
    static boolean isAboutItsAccount(long id, EventContext context) {
        Long account = accountOf(id);
        if (account == null) {
            return context.aggregateType() == null;
        }
        return AGGREGATE.equals(context.aggregateType()) && (context.aggregateKey() == null
                ? context.aggregateId() == account : context.aggregateKey().equals("number " + account));
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

    static EventType<Trade> tradeType(boolean textKeys) {
        return aboutAccounts(Trade.TYPE.codec(new PoisonedCodec()), textKeys);
    }

    static EventType<Tick> tickType(boolean textKeys) {
        return aboutAccounts(Tick.TYPE, textKeys);
    }

    private static <T extends Numbered> EventType<T> aboutAccounts(EventType<T> type, boolean textKeys) {
        return textKeys ? type.aggregateKey(AGGREGATE, event -> "number " + accountOf(event.id()))
                : type.aggregate(AGGREGATE, event -> accountOf(event.id()));
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
