package io.ringbus.examples.tradingcore;

import java.io.Console;

/** Knows whether somebody is watching. */
final class Terminal {

    private Terminal() {
    }

    /**
     * Whether standard input and output are a terminal.
     *
     * @return false when either is redirected
     */
    static boolean isAttached() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // From 22 on there may be a console without a terminal, and a method to tell them apart.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
