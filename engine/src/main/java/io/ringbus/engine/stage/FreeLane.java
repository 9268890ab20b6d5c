package io.ringbus.engine.stage;

import io.ringbus.engine.ring.Delivery;
import io.ringbus.engine.ring.Slot;
import java.util.List;

/** {@code RetryOrder.FREE}: what failed comes back by the timer, and later events pass it meanwhile. */
final class FreeLane extends Lane {

    FreeLane(StageSubscription subscription, LaneTools tools, Partition partition) {
        super(subscription, tools, partition);
    }

    @Override
    boolean isClear() {
        return true;
    }

    @Override
    void deliver(Slot slot, boolean timed) {
        if (accepts(slot)) {
            Throwable error = attempt(slot, null, timed);
            if (error != null) {
                fail(slot, null, error);
            }
        }
    }

    @Override
    void redeliver(Slot slot, Delivery delivery) {
        Throwable error = attempt(slot, delivery, false);
        if (error != null) {
            fail(slot, delivery, error);
        }
    }

    @Override
    List<Delivery> restore(List<Delivery> deliveries) {
        return deliveries;
    }

    @Override
    void onFailure(Slot slot, Delivery delivery, Throwable error) {
        Delivery again = settlements().failed(subscription(), slot, delivery, error);
        if (again != null) {
            settlements().schedule(again);
        } else if (delivery != null) {
            delivery.end();
        }
    }
}
