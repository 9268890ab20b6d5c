package io.ringbus.examples.tradingcore;

import io.ringbus.engine.error.RingbusException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * {@code trading-core}: reads the command line, runs, prints, and says by the exit code how it went. What it does is in
 * {@link Run}, and how the engine is wired in {@link TradingCore}.
 */
public final class Main {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;

    private Main() {
    }

    /**
     * Runs the program and ends the process.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        UnsafeAccessNotice.acknowledge();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(args, out, err));
    }

    /**
     * Runs the program.
     *
     * @param args see {@code --help}
     * @param out  takes the summary
     * @param err  takes errors and the progress bar
     * @return the exit code: 0 done, 1 the engine or the journal failed, 2 bad option, input or output file
     */
    static int run(String[] args, PrintStream out, PrintStream err) {
        Options options = new Options();
        CommandLine commandLine = new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        try {
            ParseResult parsed = commandLine.parseArgs(args);
            if (CommandLine.executeHelpRequest(parsed) != null) {
                return DONE;
            }
            return run(options, out, err);
        } catch (ParameterException e) {
            err.println("trading-core: " + e.getMessage() + " (--help lists the options)");
            return BAD_INPUT;
        } catch (InputException e) {
            err.println("trading-core: " + e.getMessage());
            return BAD_INPUT;
        } catch (RingbusException | IOException e) {
            err.println("trading-core: " + withCauses(e));
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            err.println("trading-core: interrupted; what is journaled is kept");
            return FAILED;
        }
    }

    private static int run(Options options, PrintStream out, PrintStream err)
            throws IOException, InterruptedException {
        boolean bar = options.progress() && Terminal.isAttached();
        try (Progress progress = bar ? Progress.on(err) : Progress.hidden()) {
            Summary summary = new Run(options, progress, out).execute();
            progress.end();
            summary.print(out);
            if (options.json()) {
                out.println(summary.toJson());
            }
            return DONE;
        }
    }

    private static String withCauses(Throwable error) {
        StringBuilder text = new StringBuilder(String.valueOf(error.getMessage()));
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message == null || text.indexOf(message) < 0) {
                text.append("; because of ").append(cause);
            }
        }
        return text.toString();
    }
}
