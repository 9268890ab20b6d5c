package io.ringbus.engine.program;

import io.ringbus.engine.program.Witness.Seen;
import io.ringbus.engine.support.ListJournal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * What was published, and what handlers saw, in all generations so far. A crash takes back what came after it: it was
 * seen by handlers that, as the surviving journal tells it, were never called.
 */
final class History {

    private final Map<Long, Long> published = new TreeMap<>();
    private final List<List<Long>> groups = new ArrayList<>();
    private final Map<String, List<Seen>> seen = new HashMap<>();
    private final Map<Long, Long> once = new HashMap<>();
    private long last;
    private int survivors = Integer.MAX_VALUE;

    /** One collection or single event, with the sequence of its last. */
    synchronized void published(long lastSequence, List<Long> ids) {
        List<Long> sequences = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            long sequence = lastSequence - ids.size() + 1 + i;
            Long other = published.put(sequence, ids.get(i));
            if (other != null) {
                throw new AssertionError("sequence " + sequence + " twice: " + other + " and " + ids.get(i));
            }
            sequences.add(sequence);
        }
        groups.add(sequences);
        last = Math.max(last, lastSequence);
    }

    /** An event with a message id, which may have been published before; says what is wrong with its sequence. */
    synchronized String publishedOnce(long sequence, long id) {
        Long first = once.putIfAbsent(id, sequence);
        if (first == null) {
            published(sequence, List.of(id));
            return null;
        }
        if (first != sequence && sequence - first >= Plan.ID_WINDOW) {
            once.put(id, sequence);
            published(sequence, List.of(id));
            return null;
        }
        return first == sequence ? null : "published once with sequence " + first + ", and again with " + sequence
                + ": " + id;
    }

    /** Where an event with a message id stands; 0 when that is not known. */
    synchronized long sequenceOfOnce(long id) {
        return once.getOrDefault(id, 0L);
    }

    /** A handler's event, whose sequence nobody was told. */
    synchronized void learned(long sequence, long id) {
        published.put(sequence, id);
    }

    synchronized void begin() {
        last = 0;
    }

    synchronized long lastPublished() {
        return last;
    }

    /** By sequence, those that exist: in memory all, with a journal what no crash took. */
    synchronized TreeMap<Long, Long> published() {
        return new TreeMap<>(published);
    }

    synchronized List<Seen> seenBy(String subscription) {
        return List.copyOf(seen.getOrDefault(subscription, List.of()));
    }

    synchronized void endGeneration(List<Witness> ended) {
        ended.forEach(w -> seen.computeIfAbsent(w.plan().name(), name -> new ArrayList<>()).addAll(
                w.seen().stream().filter(s -> s.documents() <= survivors).toList()));
        survivors = Integer.MAX_VALUE;
    }

    /** A crash, and what must be true of the journal then: each collection is there as one, or not at all. */
    synchronized void forgetAfter(int documents, ListJournal before, BiConsumer<Boolean, String> require) {
        ListJournal after = before.afterCrashAt(documents);
        Map<Long, Integer> places = new HashMap<>();
        for (int i = 0; i < after.documents().size(); i++) {
            if (after.documents().get(i) instanceof ListJournal.Batch batch) {
                for (ListJournal.Entry event : batch.events()) {
                    places.put(event.sequence(), i);
                }
            }
        }
        for (List<Long> group : groups) {
            require.accept(group.stream().map(places::get).distinct().count() == 1, "a collection was torn: " + group);
        }
        published.keySet().retainAll(places.keySet());
        once.values().retainAll(places.keySet());
        groups.removeIf(group -> !places.containsKey(group.get(0)));
        survivors = documents;
    }
}
