package io.ringbus.engine.support;

/** What all test events have in common; subscribing to it means all of them. */
public interface Numbered {

    long id();
}
