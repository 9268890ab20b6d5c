package io.ringbus.journal;

import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.JournalSession;
import java.nio.file.Path;

/** Appends until that fails, tries once more, and prints what came of both, and the last sequence committed. */
final class FillingMain {

    private static final int EVENT_BYTES = 60_000;
    private static final int MAX_EVENTS = 10_000;

    private FillingMain() {
    }

    public static void main(String[] args) {
        ChildJvm.endWithParent();
        long committed = 0;
        try (JournalSession session = ChronicleJournal.in(Path.of(args[0]))
                .open(AppendingMain.TYPES, EngineClock.system())) {
            byte[] payload = new byte[EVENT_BYTES];
            JournalException first = null;
            while (first == null && committed < MAX_EVENTS) {
                session.events().add(TestEntry.of(committed + 1, payload));
                first = commit(session);
                committed += first == null ? 1 : 0;
            }
            if (first == null) {
                System.out.println("result none");
                return;
            }
            JournalException second = commit(session);
            System.out.println("result " + first.getClass().getSimpleName() + " "
                    + (second == null ? "none" : second.getClass().getSimpleName()) + " "
                    + (second != null && second.getCause() == first.getCause() ? "same" : "other") + " " + committed);
        }
    }

    private static JournalException commit(JournalSession session) {
        try {
            session.events().commit(EngineClock.system().epochNanos());
            return null;
        } catch (JournalException e) {
            return e;
        }
    }
}
