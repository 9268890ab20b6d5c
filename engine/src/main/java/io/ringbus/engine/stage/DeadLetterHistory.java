package io.ringbus.engine.stage;

import io.ringbus.engine.spi.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The dead letters as the fold of the whole outcome log, however many there are. What a restatement states again was
 * told before, unless it stood in a file that is not kept any more; then it is news. One thread.
 */
final class DeadLetterHistory {

    private final Map<DeliveryKey, Outcome.Dead> dead = new LinkedHashMap<>();
    /** Collects a restatement; null outside of one. One without an end is passed over. */
    private List<Outcome.Dead> restated;

    void apply(Outcome outcome) {
        if (outcome instanceof Outcome.RestatementBegun) {
            restated = new ArrayList<>();
        } else if (outcome instanceof Outcome.RestatementEnded) {
            if (restated != null) {
                restated.forEach(letter -> dead.putIfAbsent(key(letter), letter));
                restated = null;
            }
        } else if (outcome instanceof Outcome.Dead letter) {
            if (restated != null) {
                restated.add(letter);
            } else {
                dead.remove(key(letter));
                dead.put(key(letter), letter);
            }
        } else if (restated == null) {
            remove(outcome);
        }
    }

    /** The letters, the first given up first. */
    List<Outcome.Dead> letters() {
        return List.copyOf(dead.values());
    }

    private void remove(Outcome outcome) {
        if (outcome instanceof Outcome.DrivenAgain driven) {
            dead.remove(new DeliveryKey(driven.subscription(), driven.sequence()));
        } else if (outcome instanceof Outcome.Discarded discarded) {
            dead.remove(new DeliveryKey(discarded.subscription(), discarded.sequence()));
        } else if (outcome instanceof Outcome.DeadLettersCleared) {
            dead.clear();
        }
    }

    private static DeliveryKey key(Outcome.Dead letter) {
        return new DeliveryKey(letter.subscription(), letter.sequence());
    }
}
