/** The journal's bytes: batch header, event frames, type definitions, outcomes. Knows no file and no queue. */
package io.ringbus.journal.format;
