package io.ringbus.journal.store;

/** The system that this runs on. */
final class Platform {

    /** Whether the calls are there that only Linux has, or that only there do what is needed. */
    static final boolean IS_LINUX = System.getProperty("os.name").startsWith("Linux");

    private Platform() {
    }
}
