/** The vocabulary: events, their types and codecs, and the handlers that are given them. Imports nothing of Ringbus. */
package io.ringbus.engine.event;
