/** A journal for the Ringbus engine on Chronicle Queue: its configuration, and the session that reads and appends. */
package io.ringbus.journal;
