/**
 * The links of the chain and the threads they run on. With {@code ring} the only home of Disruptor types; not
 * exported.
 */
package io.ringbus.engine.stage;
