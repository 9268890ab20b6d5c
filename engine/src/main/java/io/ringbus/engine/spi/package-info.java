/** The ports the engine calls, worded in its needs: the journal of events, the log of outcomes, the clock. */
package io.ringbus.engine.spi;
