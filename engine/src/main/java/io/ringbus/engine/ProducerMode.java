package io.ringbus.engine;

/** How many threads may publish. */
public enum ProducerMode {
    /** Any number of threads. The default. */
    MULTI,
    /**
     * One thread, the first that publishes; a second one gets a {@code WrongProducerThreadException}. Claims cost
     * less.
     */
    SINGLE
}
