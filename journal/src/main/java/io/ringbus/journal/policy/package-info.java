/** What a journal can be told: how safely to write, when to begin a file, what to do about damage. */
package io.ringbus.journal.policy;
