/** Hand-written fakes, each named for what it does, and the events that the tests publish. */
package io.ringbus.engine.support;
