package io.ringbus.journal;

import io.ringbus.engine.error.JournalException;
import io.ringbus.engine.spi.EngineClock;
import java.nio.file.Path;

/** Opens a journal, closes it again, and prints what came of it. */
final class OpenAndPrintMain {

    private OpenAndPrintMain() {
    }

    public static void main(String[] args) {
        try {
            ChronicleJournal.in(Path.of(args[0])).open(AppendingMain.TYPES, EngineClock.system()).close();
            System.out.println("opened");
        } catch (JournalException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }
}
