package io.ringbus.benchmarks.latency;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine;

/** {@code latency}: reads the command line, runs the series, and says by the exit code how it went. */
public final class Main {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int BAD_OPTION = 2;

    private Main() {
    }

    /**
     * Runs the program and ends the process.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(args, out, err));
    }

    /**
     * Runs the program.
     *
     * @param args see {@code --help}
     * @param out  told before and after each run
     * @param err  takes errors
     * @return the exit code: 0 all ran, 1 a run failed, 2 bad option or directory
     */
    static int run(String[] args, PrintStream out, PrintStream err) {
        Options options = new Options();
        CommandLine commandLine = new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Contender.class, Contender::labelled)
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        try {
            if (CommandLine.executeHelpRequest(commandLine.parseArgs(args)) != null) {
                return DONE;
            }
            return run(options, out, err);
        } catch (ParameterException e) {
            err.println("latency: " + e.getMessage() + " (--help lists the options)");
            return BAD_OPTION;
        } catch (IOException e) {
            err.println("latency: " + e);
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            err.println("latency: interrupted; what was done is in " + options.directory());
            return FAILED;
        }
    }

    private static int run(Options options, PrintStream out, PrintStream err)
            throws IOException, InterruptedException {
        Series series = options.series();
        Path results = options.directory();
        if (Files.exists(results.resolve(LatencyResult.FILE))) {
            err.println("latency: the directory holds results already, name another or move them: --directory="
                    + results);
            return BAD_OPTION;
        }
        out.printf("%d runs, at least %d s%n", series.size(), series.duration().toSeconds());
        boolean noneFailed = series.run(results, options.journalDirectory(), out);
        out.println(results.resolve(LatencyResult.FILE).toAbsolutePath());
        return noneFailed ? DONE : FAILED;
    }
}
