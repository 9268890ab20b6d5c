/** What callers can catch: every error of Ringbus, each naming the value at fault and the remedy. */
package io.ringbus.engine.error;
