/**
 * Queues of checksummed, chained batches: the only home of Chronicle types. Chronicle appends and rolls; the files are
 * read and verified by their own length words and by the batches' checksums, because Chronicle's reader cannot tell
 * damage from the end.
 */
package io.ringbus.journal.store;
