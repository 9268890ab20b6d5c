/** The facade: an engine, its configuration, and its wiring with the stages numbered. */
package io.ringbus.engine;
