/**
 * The default codec for records: their components by name, without class names, without garbage.
 *
 * <pre>
 * record class ──> RecordType ──> layout: names and kinds of the components, written before the values
 *   (once)              │
 *                       ├───────> writer: one method handle, (record, buffer)
 *                       └───────> reader: one method handle for each layout met in a journal, (buffer) to record
 * </pre>
 */
package io.ringbus.journal.codec;
