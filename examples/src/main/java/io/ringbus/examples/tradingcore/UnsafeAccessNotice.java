package io.ringbus.examples.tradingcore;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/**
 * Tells a JVM from 24 on that the use of {@code sun.misc.Unsafe} is known. The storage and the codec use it for memory
 * access; such a JVM prints four lines of warning at the first use, and unlike the other flags the one that settles it
 * ({@code --sun-misc-unsafe-memory-access=allow}) has no counterpart in a jar's manifest. What has one is access to the
 * method by which the JVM notes that it has warned, {@code Add-Opens: jdk.unsupported/sun.misc}.
 */
final class UnsafeAccessNotice {

    private UnsafeAccessNotice() {
    }

    /** Must run before the first use. Does nothing where there is nothing to settle, or no access to the method. */
    static void acknowledge() {
        try {
            Method noted = Class.forName("sun.misc.Unsafe").getDeclaredMethod("trySetMemoryAccessWarned");
            if (noted.trySetAccessible()) {
                noted.invoke(null);
            }
        } catch (ClassNotFoundException | NoSuchMethodException | IllegalAccessException
                | InvocationTargetException e) {
            // An older JVM, which does not warn; or one that will, and works all the same.
        }
    }
}
