/** The Ringbus engine: a ring, a chain of handlers ordered by priority, retry and recovery. */
module io.ringbus.engine {
    requires com.lmax.disruptor;
    requires org.slf4j;

    exports io.ringbus.engine;
    exports io.ringbus.engine.error;
    exports io.ringbus.engine.event;
    exports io.ringbus.engine.retry;
    exports io.ringbus.engine.spi;
    exports io.ringbus.engine.stats;
}
