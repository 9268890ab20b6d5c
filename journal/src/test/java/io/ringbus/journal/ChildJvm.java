package io.ringbus.journal;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A second Java process on this one's class path. */
final class ChildJvm {

    private ChildJvm() {
    }

    /** Starts a main class with the flags that this process has. */
    static Process start(Class<?> main, Path output, String... arguments) throws IOException {
        return start(ownFlags(), main, output, arguments);
    }

    /** Starts a main class in a process whose files cannot grow beyond a number of kibibytes. */
    static Process startWithFileLimit(int kibibytes, Class<?> main, Path output, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", "-c", "ulimit -f " + kibibytes + "; exec \"$@\"", "-"));
        command.addAll(command(ownFlags(), main, arguments));
        return start(command, output);
    }

    /** Starts a main class with flags of its own. */
    static Process start(List<String> flags, Class<?> main, Path output, String... arguments) throws IOException {
        return start(command(flags, main, arguments), output);
    }

    /** Ends the process it is called in when its standard input ends, which it does when the parent is gone. */
    static void endWithParent() {
        Thread watch = new Thread(() -> {
            try {
                while (System.in.read() >= 0) {
                    // Nobody writes; the end is what is waited for.
                }
            } catch (IOException e) {
                // The same as the end.
            }
            Runtime.getRuntime().halt(1);
        }, "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static Process start(List<String> command, Path output) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }

    private static List<String> ownFlags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--") || flag.startsWith("-XX:+IgnoreUnrecognized")).toList();
    }

    private static List<String> command(List<String> flags, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(flags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }
}
