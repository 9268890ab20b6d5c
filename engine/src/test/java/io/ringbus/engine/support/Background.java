package io.ringbus.engine.support;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Calls on threads of their own: the common pool may have a single one, which a blocked call would keep. */
public final class Background {

    private Background() {
    }

    public static <T> CompletableFuture<T> call(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        new Thread(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        }, "background").start();
        return result;
    }
}
