/**
 * Reads events and outcomes back: for a session, and for anyone who has the directory, also while an engine is writing
 * to it.
 */
package io.ringbus.journal.replay;
