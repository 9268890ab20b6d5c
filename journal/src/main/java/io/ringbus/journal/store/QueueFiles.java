package io.ringbus.journal.store;

import io.ringbus.engine.error.JournalAccessException;
import io.ringbus.journal.policy.RollCycle;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The files of a queue: a directory per session, named by its number, and in it a file per cycle.
 *
 * @param directory the queue's directory
 * @param rollCycle the queue's roll cycle
 */
record QueueFiles(Path directory, RollCycle rollCycle) {

    private static final String SUFFIX = ".cq4";
    private static final String SESSION_FORMAT = "%06d";

    /** All files, ascending; foreign ones are named to the argument instead. */
    List<FileId> list(Consumer<String> foreign) {
        TreeSet<FileId> found = new TreeSet<>();
        for (Path entry : entries(directory)) {
            int session = sessionOf(entry);
            for (Path file : session > 0 ? entries(entry) : List.of(entry)) {
                String name = file.getFileName().toString();
                if (name.endsWith(SUFFIX)) {
                    OptionalInt cycle = rollCycle.cycleOf(name.substring(0, name.length() - SUFFIX.length()));
                    if (session > 0 && cycle.isPresent()) {
                        found.add(new FileId(session, cycle.getAsInt()));
                    } else {
                        foreign.accept("a file that is not of this journal lies among its files; move it away: file="
                                + file);
                    }
                }
            }
        }
        return new ArrayList<>(found);
    }

    /** All files, ascending. */
    List<FileId> list() {
        return list(foreign -> { });
    }

    /** The highest number of a session that has a directory; 0 when there is none. */
    int lastSession() {
        int last = 0;
        for (Path entry : entries(directory)) {
            last = Math.max(last, sessionOf(entry));
        }
        return last;
    }

    Path session(int session) {
        return directory.resolve(String.format(SESSION_FORMAT, session));
    }

    Path path(FileId id) {
        return session(id.session()).resolve(rollCycle.nameOf(id.cycle()) + SUFFIX);
    }

    CycleFile open(FileId id) {
        return new CycleFile(path(id), id);
    }

    /** The first file behind another; null when there is none. */
    FileId after(FileId id) {
        for (FileId candidate : list()) {
            if (candidate.compareTo(id) > 0) {
                return candidate;
            }
        }
        return null;
    }

    private static List<Path> entries(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(found::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new JournalAccessException("cannot list the journal's files: directory=" + directory, e);
        }
        return found;
    }

    private static int sessionOf(Path entry) {
        String name = entry.getFileName().toString();
        try {
            int session = Integer.parseInt(name);
            return session > 0 && String.format(SESSION_FORMAT, session).equals(name) ? session : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
