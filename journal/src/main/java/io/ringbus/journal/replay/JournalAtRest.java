package io.ringbus.journal.replay;

import io.ringbus.engine.error.JournalAccessException;
import io.ringbus.engine.error.JournalDamagedException;
import io.ringbus.journal.policy.DamagePolicy;
import io.ringbus.journal.store.JournalMark;
import io.ringbus.journal.store.Manifest;
import io.ringbus.journal.store.QueueMark;
import io.ringbus.journal.store.QueueReader;
import io.ringbus.journal.store.QueueShape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One queue of a journal that is read without a session: what is needed to read it, and what was known of its end before
 * the reading began.
 */
final class JournalAtRest {

    private final Path journal;
    private final DamagePolicy onDamage;
    private final List<String> findings = new ArrayList<>();
    private final QueueReader queue;
    private final QueueMark known;

    JournalAtRest(Path directory, QueueShape shape, DamagePolicy onDamage) {
        this.journal = directory.toAbsolutePath().normalize();
        this.onDamage = onDamage;
        Manifest manifest = Files.isDirectory(journal) ? Manifest.read(journal) : null;
        if (manifest == null) {
            throw new JournalAccessException("there is no journal here: directory=" + journal);
        }
        this.queue = QueueReader.of(journal, manifest, shape, onDamage, findings::add);
        this.known = new JournalMark(journal).read(findings::add).getOrDefault(shape.name(), QueueMark.NONE);
    }

    QueueReader queue() {
        return queue;
    }

    List<String> findings() {
        return findings;
    }

    /** Compares the end that was reached with what was known of it; refuses or reports the difference. */
    void verifyEnd(ForwardReading reading, long lastSequence) {
        if (reading.endOrdinal() >= 0 && reading.endOrdinal() < known.ordinal()) {
            report(known.isForced() && onDamage != DamagePolicy.SKIP_AND_REPORT,
                    "batches that were there are not there any more: directory=" + journal + ", lastSequence="
                            + lastSequence + ", knownSequence=" + known.sequence());
        }
        if (reading.tornEnd() != null) {
            report(onDamage == DamagePolicy.FAIL, "the end is torn, or an append is under way: " + reading.tornEnd());
        }
    }

    private void report(boolean refuse, String problem) {
        if (refuse) {
            throw new JournalDamagedException(problem);
        }
        findings.add(problem);
    }
}
