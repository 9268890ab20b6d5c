package io.ringbus.benchmarks.report;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * On what was measured: names and values, in the order in which a page shows them.
 *
 * @param facts by name
 */
record Environment(Map<String, String> facts) {

    /** The file in the directory of the results. */
    static final String FILE = "environment.json";

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final List<String> MAC_CPU = List.of("sysctl", "-n", "machdep.cpu.brand_string");
    private static final String UNKNOWN = "unknown";

    /**
     * Of this machine, this JVM and the commit that these classes are of.
     *
     * @param journals    a directory of the file system that journals are written to
     * @param commandLine how the measurement is done again
     */
    static Environment capture(Path journals, String commandLine) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        facts.put("Processor", cpuModel());
        facts.put("Cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
        facts.put("Memory", memory());
        facts.put("Operating system", property("os.name") + " " + property("os.version") + ", " + property("os.arch"));
        facts.put("File system of journals", Files.getFileStore(journals).type() + ", " + journals);
        facts.put("JDK", property("java.vendor") + " " + property("java.version") + ", " + property("java.vm.name")
                + " " + property("java.vm.version"));
        facts.put("Commit", commit());
        facts.put("Command", commandLine);
        return new Environment(facts);
    }

    void write(Path directory) throws IOException {
        Files.writeString(directory.resolve(FILE), JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(facts));
    }

    /** What {@link #write} left, or what can be said afterwards. */
    static Environment of(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        Map<String, String> facts = new LinkedHashMap<>();
        if (Files.exists(file)) {
            JSON.std.mapFrom(Files.readString(file)).forEach((name, value) -> facts.put(name, String.valueOf(value)));
        } else {
            facts.put("Attention", "nothing was noted when this was measured; what follows is the machine, the JDK and "
                    + "the commit that wrote this page");
            facts.putAll(capture(Path.of(property("java.io.tmpdir")), UNKNOWN).facts());
        }
        return new Environment(facts);
    }

    private static String memory() {
        long bytes = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        return String.format("%.1f GiB", bytes / (double) (1L << 30));
    }

    private static String cpuModel() {
        try {
            if (Files.isReadable(CPU_INFO)) {
                List<String> lines = Files.readAllLines(CPU_INFO);
                String model = lines.stream().filter(line -> line.startsWith("model name")).findFirst()
                        .map(line -> line.substring(line.indexOf(':') + 1).trim()).orElse(property("os.arch"));
                boolean virtual = lines.stream().anyMatch(line -> line.startsWith("flags")
                        && line.contains(" hypervisor"));
                return virtual ? model + ", virtual machine" : model;
            }
            if (property("os.name").startsWith("Mac")) {
                return output(MAC_CPU);
            }
        } catch (IOException e) {
            return UNKNOWN + " (" + e.getMessage() + ")";
        }
        String windows = System.getenv("PROCESSOR_IDENTIFIER");
        return windows == null ? UNKNOWN : windows;
    }

    private static String output(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream printed = process.getInputStream()) {
            String text = new String(printed.readAllBytes()).trim();
            return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0 ? text : UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        } finally {
            process.destroy();
        }
    }

    private static String commit() throws IOException {
        try (InputStream file = Environment.class.getResourceAsStream("commit.properties")) {
            if (file == null) {
                return "unknown: this was not built from a Git work tree";
            }
            Properties properties = new Properties();
            properties.load(file);
            String dirty = Boolean.parseBoolean(properties.getProperty("git.dirty")) ? ", with changes" : "";
            return properties.getProperty("git.commit.id") + " of " + properties.getProperty("git.commit.time")
                    + dirty;
        }
    }

    private static String property(String name) {
        return System.getProperty(name, UNKNOWN);
    }
}
