package io.ringbus.engine.program;

import io.ringbus.engine.EventEngine;
import io.ringbus.engine.stats.EngineStatistics;
import io.ringbus.engine.stats.EngineStatistics.Watermarks;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/** Promise 8, seen from outside while the engine runs: {@code published >= journaled >= synced}, and none goes back. */
final class Sampler implements Runnable {

    private final EventEngine engine;
    private final Plan.Layout layout;
    private final BiConsumer<Boolean, String> require;
    private volatile boolean stopped;

    Sampler(EventEngine engine, Plan.Layout layout, BiConsumer<Boolean, String> require) {
        this.engine = engine;
        this.layout = layout;
        this.require = require;
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        Watermarks before = new Watermarks(0, 0, 0, 0);
        while (!stopped) {
            EngineStatistics statistics = engine.statistics();
            Watermarks now = statistics.watermarks();
            require.accept(now.published() >= now.journaled() && now.journaled() >= now.synced()
                    && now.published() >= now.handled() && (!layout.journaled() || now.journaled() >= now.handled()),
                    "watermarks out of order: " + now);
            require.accept(now.published() >= before.published() && now.journaled() >= before.journaled()
                    && now.synced() >= before.synced() && now.handled() >= before.handled(),
                    "a watermark went back: " + now + " after " + before);
            require.accept(layout.journaled() || now.journaled() == 0, "journaled without a journal: " + now);
            require.accept(statistics.ringOccupied() >= 0 && statistics.ringOccupied() <= layout.ringSize(),
                    "occupied: " + statistics.ringOccupied());
            before = now;
            LockSupport.parkNanos(30_000);
        }
    }
}
