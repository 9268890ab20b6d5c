package io.ringbus.engine.support;

import io.ringbus.engine.event.EventContext;
import io.ringbus.engine.event.EventHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it was given and which hooks were called. */
public class RecordingHandler implements EventHandler<Numbered> {

    private final List<Delivered> deliveries = new CopyOnWriteArrayList<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();

    /** One call of the handler. */
    public record Delivered(long id, long sequence, int attempt, boolean replaying, boolean endOfBatch, long timestamp,
            String aggregate, String subscription, String thread) {
    }

    @Override
    public void onEvent(Numbered event, EventContext context) throws Exception {
        String id = context.aggregateKey() != null ? context.aggregateKey() : Long.toString(context.aggregateId());
        deliveries.add(new Delivered(event.id(), context.sequence(), context.attempt(), context.replaying(),
                context.endOfBatch(), context.timestampNanos(),
                context.aggregateType() == null ? null : context.aggregateType() + "/" + id, context.subscription(),
                Thread.currentThread().getName()));
        calls.add("event " + event.id());
    }

    @Override
    public void onStart() throws Exception {
        calls.add("start");
    }

    @Override
    public void onBatchEnd() throws Exception {
        calls.add("batch end");
    }

    @Override
    public void onStop() throws Exception {
        calls.add("stop");
    }

    public List<Delivered> deliveries() {
        return List.copyOf(deliveries);
    }

    /** Events and hooks in the order in which they came. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    public List<Long> ids() {
        return deliveries.stream().map(Delivered::id).toList();
    }

    public List<Long> sequences() {
        return deliveries.stream().map(Delivered::sequence).toList();
    }

    public List<Integer> attempts() {
        return deliveries.stream().map(Delivered::attempt).toList();
    }

    public int count() {
        return deliveries.size();
    }

    public void awaitCount(int wanted) {
        Eventually.until(wanted + " deliveries, there are " + new ArrayList<>(ids()), () -> count() >= wanted);
    }
}
