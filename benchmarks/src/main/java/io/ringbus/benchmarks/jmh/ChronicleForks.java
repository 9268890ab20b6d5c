package io.ringbus.benchmarks.jmh;

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
     * The same flags, for a JVM that is started without JMH.
     *
     * @return in the order in which they stand above
     */
    public static List<String> jvmFlags() {
        return List.of(ChronicleForks.class.getAnnotation(Fork.class).jvmArgsAppend());
    }
}
