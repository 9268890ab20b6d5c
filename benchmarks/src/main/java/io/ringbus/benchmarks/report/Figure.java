package io.ringbus.benchmarks.report;

import java.util.Locale;

/**
 * A line of the table: what was asked for, and what came out.
 *
 * @param what    what is compared
 * @param formula how it is computed
 * @param target  what is asked for
 * @param value   what came out; empty when nothing did
 * @param spread  over how many pairs, and from where to where they go
 * @param status  whether the target is met
 * @param note    what else must be known
 */
record Figure(String what, String formula, Target target, String value, String spread, Status status, String note) {

    /** Whether a target is met. */
    enum Status {
        /** It is. */
        MET("met"),
        /** It is not. */
        NOT_MET("not met"),
        /** A benchmark that it needs was not run, or failed. */
        MISSING("missing"),
        /** All runs that it needs missed their rate. */
        INVALID("invalid");

        private final String text;

        Status(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * A bound.
     *
     * @param atLeast whether larger values are better
     * @param bound   itself, allowed
     */
    record Target(boolean atLeast, double bound) {

        static Target atLeast(double bound) {
            return new Target(true, bound);
        }

        static Target atMost(double bound) {
            return new Target(false, bound);
        }

        boolean isMetBy(double value) {
            return atLeast ? value >= bound : value <= bound;
        }

        @Override
        public String toString() {
            return (atLeast ? "at least " : "at most ") + number(bound);
        }
    }

    static Figure missing(String what, String formula, Target target, String note) {
        return new Figure(what, formula, target, "", "", Status.MISSING, note);
    }

    static Figure of(String what, String formula, Target target, Pairs pairs, String note) {
        return new Figure(what, formula, target, number(pairs.median()), pairs.spread(),
                target.isMetBy(pairs.median()) ? Status.MET : Status.NOT_MET, note);
    }

    /** Three significant digits, without an exponent. */
    static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
