package io.ringbus.examples.tradingcore;

import io.ringbus.engine.RecoveryProgress;
import java.io.PrintStream;
import java.text.DecimalFormat;
import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows on a terminal how far a recovery and a run have come; elsewhere nothing. One thread. */
final class Progress implements RecoveryProgress, AutoCloseable {

    private static final int COLUMNS = 79;
    private static final int MILLIS_BETWEEN_UPDATES = 200;

    private final PrintStream terminal;

    private ProgressBar bar;

    private Progress(PrintStream terminal) {
        this.terminal = terminal;
    }

    /**
     * Shows it.
     *
     * @param terminal takes the bar, with carriage returns
     * @return the progress
     */
    static Progress on(PrintStream terminal) {
        return new Progress(terminal);
    }

    /**
     * Shows nothing.
     *
     * @return the progress
     */
    static Progress hidden() {
        return new Progress(null);
    }

    /**
     * Whether anybody sees it.
     *
     * @return false when it is hidden
     */
    boolean isShown() {
        return terminal != null;
    }

    @Override
    public void onProgress(long sequence, long from, long to) {
        if (bar == null) {
            begin("Recovering", to - from + 1, "events");
        }
        stepTo(sequence - from + 1);
        if (sequence >= to) {
            end();
        }
    }

    /**
     * Begins a bar.
     *
     * @param task what is being done
     * @param max  where it ends
     * @param unit what is counted
     */
    void begin(String task, long max, String unit) {
        end();
        if (terminal != null) {
            bar = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(max)
                    .setUnit(" " + unit, 1)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(MILLIS_BETWEEN_UPDATES)
                    .setSpeedUnit(ChronoUnit.SECONDS)
                    .showSpeed(new DecimalFormat("0"))
                    .setConsumer(new ConsoleProgressBarConsumer(terminal, COLUMNS))
                    .build();
        }
    }

    void stepTo(long position) {
        if (bar != null) {
            bar.stepTo(position);
        }
    }

    /** Ends the bar, if there is one; the next one may begin. */
    void end() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    @Override
    public void close() {
        end();
    }
}
