package io.ringbus.journal.store;

import io.ringbus.engine.error.MissingJvmFlagsException;
import java.util.ArrayList;
import java.util.List;

/**
 * What Chronicle needs of the JVM, checked before any of its classes loads: without one flag it fails with a message
 * about reflection, without the other it only warns, makes the queue read-only, and fails at the first append.
 */
public final class JvmFlags {

    private static final String OPEN_REFLECT = "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED";
    private static final String EXPORT_NIO = "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED";
    private static final String EXPORT_REF = "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED";
    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";
    private static final String UNSAFE_ACCESS = "--sun-misc-unsafe-memory-access=allow";
    private static final int STRICTER_FROM = 24;

    private JvmFlags() {
    }

    /**
     * Refuses a JVM that lacks what is needed, and keeps Chronicle quiet: it would print a banner and report its use.
     *
     * @throws MissingJvmFlagsException when a flag is missing; the message prints all of them
     */
    public static void prepare() {
        Module base = Object.class.getModule();
        Module user = JvmFlags.class.getModule();
        List<String> missing = new ArrayList<>();
        if (!base.isOpen("java.lang.reflect", user)) {
            missing.add(OPEN_REFLECT);
        }
        if (!base.isExported("sun.nio.ch", user)) {
            missing.add(EXPORT_NIO);
        }
        if (!missing.isEmpty()) {
            throw new MissingJvmFlagsException("the journal needs JVM flags that are missing; start java with: "
                    + String.join(" ", all(Runtime.version().feature())) + "; missing=" + missing);
        }
        System.setProperty("chronicle.analytics.disable", "true");
        System.setProperty("chronicle.announcer.disable", "true");
    }

    /** The flags for a version of Java. */
    static List<String> all(int feature) {
        List<String> flags = new ArrayList<>(List.of(OPEN_REFLECT, EXPORT_NIO, EXPORT_REF));
        if (feature >= STRICTER_FROM) {
            flags.add(NATIVE_ACCESS);
            flags.add(UNSAFE_ACCESS);
        }
        return flags;
    }
}
