package io.ringbus.benchmarks.jmh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Fork;

/**
 * The one place that names the JVM flags of forks: a fork inherits nothing from the manifest of the jar that starts
 * it. A benchmark that touches Chronicle extends this class; its own {@code @Fork} may set anything but the arguments.
 */
@Fork(jvmArgsAppend = {
    "-XX:+IgnoreUnrecognizedVMOptions",
    "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
    "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow"
})
public abstract class ChronicleForks {

    /** For the benchmarks of this package. */
    ChronicleForks() {
        // All there is to it are the flags.
    }

    /**
     * How to start a JVM with the same flags and the same classes, without JMH.
     *
     * @param main what it runs
     * @param args what is passed to it
     * @return the command line, with the Java that runs here
     */
    public static List<String> command(Class<?> main, String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(ChronicleForks.class.getAnnotation(Fork.class).jvmArgsAppend()));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        return command;
    }
}
