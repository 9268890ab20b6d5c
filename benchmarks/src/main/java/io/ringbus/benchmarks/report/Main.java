package io.ringbus.benchmarks.report;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code report}: reads what is in a directory and writes the page next to it. */
public final class Main {

    /** The page's file name. */
    static final String PAGE = "report.html";

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
        System.exit(run(args, new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8)));
    }

    /**
     * Runs the program.
     *
     * @param args see {@code --help}
     * @param out  takes the page's path
     * @param err  takes errors
     * @return the exit code: 0 done, 1 a file cannot be read or written, 2 bad option or directory
     */
    static int run(String[] args, PrintStream out, PrintStream err) {
        Options options = new Options();
        CommandLine commandLine = new CommandLine(options).setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        try {
            if (CommandLine.executeHelpRequest(commandLine.parseArgs(args)) != null) {
                return DONE;
            }
            if (!Files.isDirectory(options.directory)) {
                throw new ParameterException(commandLine, "this is no directory: directory=" + options.directory);
            }
            out.println(write(options.directory));
            return DONE;
        } catch (ParameterException e) {
            err.println("report: " + e.getMessage() + " (--help lists the options)");
            return BAD_OPTION;
        } catch (IOException e) {
            err.println("report: " + e.getMessage() + (e.getCause() == null ? "" : "; " + e.getCause().getMessage()));
            return FAILED;
        }
    }

    /**
     * Writes the page.
     *
     * @return where it is
     * @throws IOException when a result cannot be read, results of several JDKs are mixed, or the page not be written
     */
    static Path write(Path directory) throws IOException {
        JmhResults jmh = JmhResults.read(JmhResults.filesIn(directory));
        if (jmh.jdks().size() > 1) {
            throw new IOException("results of several JDKs are not to be mixed, make a page for each: jdks="
                    + jmh.jdks());
        }
        Page page = new Page(jmh, LatencyResults.in(directory), Environment.of(directory));
        return Files.writeString(directory.resolve(PAGE), page.render()).toAbsolutePath().normalize();
    }

    @Command(name = "report", sortOptions = false, description = "Writes " + PAGE + " from the JMH results (*.json, of "
            + "-rf json), histogram logs and " + Environment.FILE + " in a directory.")
    private static final class Options {

        @Parameters(paramLabel = "DIR", description = "Where the results are, and where the page goes.")
        private Path directory;

        @Option(names = {"-h", "--help"}, usageHelp = true, description = "Prints this.")
        private boolean help;
    }
}
