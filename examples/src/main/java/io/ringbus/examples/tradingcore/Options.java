package io.ringbus.examples.tradingcore;

import io.ringbus.journal.policy.SyncMode;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. Each value is checked where it is set. */
@Command(name = "trading-core", usageHelpWidth = 100, sortOptions = false,
        description = "Feeds order messages through a journaled chain: risk gate, order book, strategy, gateways.",
        footer = {"", "Exit codes: 0 done; 1 the engine or the journal failed; 2 bad option, input or output file."})
final class Options {

    @Option(names = "--input", paramLabel = "FILE",
            description = "Order messages: CSV of time,type,order id,size,price,direction, without header. "
                    + "Without it, a bundled sample of 100,000 messages.")
    private Path input;

    @Option(names = "--journal", paramLabel = "DIR",
            description = "Keeps all events here, and carries on where an earlier run stopped. "
                    + "Without it nothing is kept.")
    private Path journal;

    private double rate;

    private double failRate = 0.02;

    @Option(names = "--tops", paramLabel = "FILE",
            description = "Writes line,time,askPrice,askSize,bidPrice,bidSize after each message that changed the "
                    + "top of the book.")
    private Path tops;

    @Option(names = "--sync", paramLabel = "none|batch", defaultValue = "none",
            description = "What a journaled event survives: none, the process being killed; batch, the machine too. "
                    + "Default: ${DEFAULT-VALUE}.")
    private SyncMode sync;

    @Option(names = "--fused", description = "Runs the whole chain on one thread.")
    private boolean fused;

    @Option(names = "--json", description = "Prints one JSON object as the last line.")
    private boolean json;

    @Option(names = "--no-progress", description = "Shows no progress bar. There is none outside of a terminal.")
    private boolean noProgress;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Prints this.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    @Option(names = "--rate", paramLabel = "EVENTS_PER_SECOND",
            description = "Publishes at this rate. Without it, as fast as the engine takes them.")
    void setRate(double eventsPerSecond) {
        if (!(eventsPerSecond > 0) || Double.isInfinite(eventsPerSecond)) {
            throw new ParameterException(spec.commandLine(), "a rate is more than zero: --rate=" + eventsPerSecond);
        }
        rate = eventsPerSecond;
    }

    @Option(names = "--fail-rate", paramLabel = "P",
            description = "With this probability a gateway fails an attempt. Default: 0.02.")
    void setFailRate(double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new ParameterException(spec.commandLine(), "a probability is 0 to 1: --fail-rate=" + probability);
        }
        failRate = probability;
    }

    OrderSource source() {
        return input == null ? OrderSource.bundledSample() : OrderSource.file(input);
    }

    /**
     * Where the journal is.
     *
     * @return the directory; null for none
     */
    Path journal() {
        return journal;
    }

    boolean paced() {
        return rate > 0;
    }

    Pacer pacer() {
        return paced() ? Pacer.perSecond(rate) : Pacer.unlimited();
    }

    double failRate() {
        return failRate;
    }

    /**
     * What writes the tops file.
     *
     * @return the opened file, or nothing's observer
     * @throws InputException when it cannot be written, or is the input
     */
    TopOfBookObserver topsFile() {
        if (tops != null && input != null && tops.toAbsolutePath().normalize().equals(input.toAbsolutePath()
                .normalize())) {
            throw new InputException("the tops file would overwrite the input, name another: --tops=" + tops);
        }
        return tops == null ? TopOfBookObserver.NONE : new TopsFile(tops);
    }

    SyncMode sync() {
        return sync;
    }

    boolean fused() {
        return fused;
    }

    boolean json() {
        return json;
    }

    boolean progress() {
        return !noProgress;
    }
}
