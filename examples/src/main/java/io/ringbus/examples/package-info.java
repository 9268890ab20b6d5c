/** Programs that use Ringbus, the smallest first. */
package io.ringbus.examples;
