package io.ringbus.engine.support;

import io.ringbus.engine.event.AsyncEventHandler;
import io.ringbus.engine.event.EventContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Begins handlings and keeps them by their events, until it is told how one ends. */
public final class CompletesAsTold implements AsyncEventHandler<Numbered> {

    private static final Set<CompletesAsTold> ALL = ConcurrentHashMap.newKeySet();

    private final List<Begun> begun = new CopyOnWriteArrayList<>();
    private volatile boolean freed;

    /** A handling that has begun. */
    public record Begun(long id, int attempt, Numbered event, CompletableFuture<Void> end) {
    }

    /** Told of all, so that a test can end what its engines would wait for at their close. */
    public CompletesAsTold() {
        ALL.add(this);
    }

    /** Ends whatever is under way in any of them, and whatever begins later: the test is over. */
    public static void freeAll() {
        ALL.forEach(CompletesAsTold::completeAtOnce);
        ALL.clear();
    }

    /** Ends whatever is under way, and from now on whatever begins. */
    public void completeAtOnce() {
        freed = true;
        completeAll();
    }

    @Override
    public CompletionStage<?> onEvent(Numbered event, EventContext context) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        begun.add(new Begun(event.id(), context.attempt(), event, end));
        if (freed) {
            end.complete(null);
        }
        return end;
    }

    /** Ends the newest handling of an event well, on a thread of its own. */
    public void complete(long id) {
        Begun newest = newest(id);
        Thread thread = new Thread(() -> newest.end.complete(null), "foreign");
        thread.start();
        join(thread);
    }

    public void fail(long id, Throwable error) {
        newest(id).end.completeExceptionally(error);
    }

    public void completeAll() {
        begun.forEach(each -> each.end.complete(null));
    }

    public List<Begun> begun() {
        return List.copyOf(begun);
    }

    public List<Long> ids() {
        return begun.stream().map(Begun::id).toList();
    }

    public List<Integer> attempts() {
        return begun.stream().map(Begun::attempt).toList();
    }

    public void awaitCount(int wanted) {
        Eventually.until(wanted + " handlings begun, there are " + new ArrayList<>(ids()),
                () -> begun.size() >= wanted);
    }

    private Begun newest(long id) {
        return begun.stream().filter(each -> each.id == id).reduce((a, b) -> b)
                .orElseThrow(() -> new AssertionError("not begun: " + id));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while a handling was completed", e);
        }
    }
}
