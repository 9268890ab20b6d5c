package io.ringbus.engine.program;

import io.ringbus.engine.EventEngine;
import io.ringbus.engine.Watermark;
import io.ringbus.engine.error.EncodingException;
import io.ringbus.engine.error.EngineFailedException;
import io.ringbus.engine.error.EventTooLargeException;
import io.ringbus.engine.error.UnregisteredEventTypeException;
import io.ringbus.engine.event.EventFiller;
import io.ringbus.engine.event.EventType;
import io.ringbus.engine.program.Plan.Step;
import io.ringbus.engine.support.ListJournal;
import io.ringbus.engine.support.Numbered;
import io.ringbus.engine.support.Tick;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** What one publishing thread does. */
final class PublisherScript {

    private static final Duration LONG = Duration.ofSeconds(60);

    static final EventFiller<Tick, Long> SET_ID = (tick, id) -> tick.id = id;

    private final EventEngine engine;
    private final EventType<Tick> tickType;
    private final AtomicLong nextId;
    private final History history;
    private final Run run;

    private long lastSequence;

    PublisherScript(EventEngine engine, EventType<Tick> tickType, AtomicLong nextId, History history, Run run) {
        this.engine = engine;
        this.tickType = tickType;
        this.nextId = nextId;
        this.history = history;
        this.run = run;
    }

    void play(List<Step> steps, ListJournal journal) {
        try {
            for (Step step : steps) {
                play(step, journal);
            }
        } catch (EngineFailedException e) {
            run.require(run.mayRefuse() && e.getMessage().contains("as planned"), "publisher: " + e);
        } catch (Exception | Error e) {
            run.require(false, "publisher: " + e);
        }
    }

    private void play(Step step, ListJournal journal) throws InterruptedException {
        switch (step.action()) {
            case PUBLISH -> {
                long id = nextId.getAndIncrement();
                published(engine.publish(Events.make(id)), List.of(id));
            }
            case TRY_PUBLISH -> {
                long id = nextId.getAndIncrement();
                published(engine.tryPublish(Events.make(id)), List.of(id));
            }
            case IN_PLACE -> {
                long id = nextTickId();
                published(engine.publish(tickType, tick -> tick.id = id), List.of(id));
            }
            case TRY_IN_PLACE -> {
                long id = nextTickId();
                published(engine.tryPublish(tickType, SET_ID, id), List.of(id));
            }
            case COLLECTION -> publishCollection(step.size(), true);
            case TRY_COLLECTION -> publishCollection(step.size(), false);
            case POISON -> refused(Events.poison(), EncodingException.class);
            case TOO_LARGE -> refused(Events.tooLarge(), EventTooLargeException.class);
            case UNREGISTERED -> refused(Events.unregistered(), UnregisteredEventTypeException.class);
            case AWAIT_JOURNALED -> {
                if (lastSequence > 0) {
                    engine.await(Watermark.JOURNALED, lastSequence, LONG);
                    run.require(journal.documentOf(lastSequence) >= 0, "JOURNALED without being: " + lastSequence);
                }
            }
            case AWAIT_HANDLED -> engine.await(Watermark.HANDLED, lastSequence, LONG);
            case CLOCK_OUT -> Thread.yield();
            case PUBLISH_ONCE -> publishOnce(step.size(), true);
            case TRY_PUBLISH_ONCE -> publishOnce(step.size(), false);
        }
    }

    private void publishCollection(int size, boolean wait) {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            ids.add(nextId.getAndIncrement());
        }
        List<?> events = ids.stream().map(Events::make).toList();
        published(wait ? engine.publishAll(events) : engine.tryPublishAll(events), ids);
    }

    /** Under a message id that others use as well, now and in other generations; the same event each time. */
    private void publishOnce(int message, boolean wait) {
        long id = Events.ONCE_FROM + message;
        long known = history.sequenceOfOnce(id);
        Numbered event = Events.make(id);
        long sequence;
        if (event instanceof Tick && wait) {
            sequence = engine.publish(tickType, SET_ID, id, message, id);
        } else if (event instanceof Tick) {
            sequence = engine.tryPublish(tickType, SET_ID, id, message, id);
        } else {
            UUID messageId = new UUID(message, id);
            sequence = wait ? engine.publish(event, messageId) : engine.tryPublish(event, messageId);
        }
        if (sequence == EventEngine.RING_FULL) {
            run.require(known == 0 || engine.watermark(Watermark.PUBLISHED) - known >= Plan.ID_WINDOW,
                    "the ring was full for what is published already: " + id + " with sequence " + known);
        } else {
            String fault = history.publishedOnce(sequence, id);
            run.require(fault == null, fault);
        }
    }

    private void published(long sequence, List<Long> ids) {
        if (sequence == EventEngine.RING_FULL) {
            return;
        }
        run.require(sequence - ids.size() >= lastSequence, "sequence " + sequence + " of " + ids + " after "
                + lastSequence);
        lastSequence = sequence;
        history.published(sequence, ids);
    }

    private void refused(Object event, Class<? extends Exception> expected) {
        try {
            engine.publish(event);
            run.require(false, "published: " + event);
        } catch (EngineFailedException e) {
            throw e;
        } catch (RuntimeException e) {
            run.require(e.getClass() == expected, event + " was refused with " + e);
        }
    }

    private long nextTickId() {
        long id;
        do {
            id = nextId.getAndIncrement();
        } while (Events.typeOf(id) != Tick.class);
        return id;
    }
}
