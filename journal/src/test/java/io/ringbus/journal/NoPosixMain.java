package io.ringbus.journal;

import io.ringbus.engine.spi.EngineClock;
import io.ringbus.engine.spi.JournalSession;
import java.nio.file.Path;
import net.openhft.posix.PosixAPI;

/** Appends large batches where the library for calls of the system cannot be loaded. */
final class NoPosixMain {

    private static final int EVENT_BYTES = 60_000;
    private static final int EVENTS = 100;

    private NoPosixMain() {
    }

    public static void main(String[] args) {
        ChildJvm.endWithParent();
        PosixAPI.useNoOpPosixApi();
        try (JournalSession session = ChronicleJournal.in(Path.of(args[0]))
                .open(AppendingMain.TYPES, EngineClock.system())) {
            byte[] payload = new byte[EVENT_BYTES];
            for (int sequence = 1; sequence <= EVENTS; sequence++) {
                session.events().add(TestEntry.of(sequence, payload));
                session.events().commit(EngineClock.system().epochNanos());
            }
        }
        System.out.println("appended " + EVENTS);
    }
}
