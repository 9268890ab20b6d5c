package io.ringbus.journal.store;

import io.ringbus.journal.format.Chain;
import io.ringbus.journal.format.TypeDefinition;
import java.util.List;

/**
 * Where a queue ends, after its last file was verified.
 *
 * @param files       the queue's files
 * @param chain       behind the last valid batch
 * @param lastFile    the file that holds it
 * @param lastSession the highest session that has a directory, or is known to have had one
 * @param types       all type definitions so far
 * @param synced      whether the last session forced each batch to disk
 * @param tornEnd     what is wrong with the end; null when it is clean
 */
record QueueTail(QueueFiles files, Chain chain, FileId lastFile, int lastSession, List<TypeDefinition> types,
        boolean synced, String tornEnd) {
}
