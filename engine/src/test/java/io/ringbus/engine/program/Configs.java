package io.ringbus.engine.program;

import io.ringbus.engine.SubscriptionConfig;
import io.ringbus.engine.program.SubscriptionPlan.Thrower;
import io.ringbus.engine.support.Numbered;

/** How witnesses subscribe. */
final class Configs {

    private Configs() {
    }

    /** What a mapping makes of an event. */
    private record Mapped(Numbered event) {
    }

    static SubscriptionConfig<?> of(Witness witness) {
        return of(witness, witness.plan().wants().type());
    }

    private static <T> SubscriptionConfig<T> of(Witness witness, Class<T> type) {
        SubscriptionPlan plan = witness.plan();
        SubscriptionConfig<T> config = to(witness, type);
        plan.describe(config, witness.priority());
        if (plan.wants().modulus() > 1 || plan.failing().thrower() == Thrower.FILTER) {
            config.filter(event -> passes(witness, ((Numbered) event).id()));
        }
        return config;
    }

    private static <T> SubscriptionConfig<T> to(Witness witness, Class<T> type) {
        SubscriptionPlan plan = witness.plan();
        if (plan.running().async()) {
            return SubscriptionConfig.toAsync(type,
                    (event, context) -> witness.onAsyncEvent((Numbered) event, context));
        }
        if (plan.failing().thrower() == Thrower.MAPPING) {
            return SubscriptionConfig.mapped(type, event -> map(witness, (Numbered) event),
                    (mapped, context) -> witness.onEvent(mapped.event(), context));
        }
        return SubscriptionConfig.to(type, (event, context) -> witness.onEvent((Numbered) event, context));
    }

    private static boolean passes(Witness witness, long id) {
        if (!witness.plan().passes(id)) {
            return false;
        }
        if (witness.plan().failing().thrower() == Thrower.FILTER && witness.neverComesTo(id)) {
            throw new IllegalStateException("as planned");
        }
        return true;
    }

    /** Without a result it fails as well. */
    private static Mapped map(Witness witness, Numbered event) {
        if (!witness.neverComesTo(event.id())) {
            return new Mapped(event);
        }
        if (event.id() % 2 == 0) {
            return null;
        }
        throw new AssertionError("as planned");
    }
}
