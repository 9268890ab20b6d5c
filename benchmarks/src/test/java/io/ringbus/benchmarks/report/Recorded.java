package io.ringbus.benchmarks.report;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a file such as JMH does with {@code -rf json}, with values of the test's own. */
final class Recorded {

    private final List<Map<String, Object>> results = new ArrayList<>();
    private final String jdk;

    Recorded() {
        this("17.0.15");
    }

    Recorded(String jdk) {
        this.jdk = jdk;
    }

    /** A result in events per microsecond, one fork. */
    Recorded with(String benchmark, Map<String, String> params, double... iterations) {
        return with(benchmark, "thrpt", "ops/us", params, List.of(iterations));
    }

    Recorded with(String benchmark, String mode, String unit, Map<String, String> params, List<double[]> forks) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("jmhVersion", "1.37");
        result.put("benchmark", "io.ringbus.benchmarks.jmh." + benchmark);
        result.put("mode", mode);
        result.put("threads", 1);
        result.put("forks", forks.size());
        result.put("jvmArgs", List.of("-Xmx1g"));
        result.put("jdkVersion", jdk);
        result.put("vmName", "OpenJDK 64-Bit Server VM");
        result.put("vmVersion", jdk + "+6");
        result.put("warmupIterations", 1);
        result.put("warmupTime", "1 s");
        result.put("measurementIterations", forks.get(0).length);
        result.put("measurementTime", "1 s");
        result.put("params", params);
        result.put("primaryMetric", Map.of("score", 0, "scoreUnit", unit, "rawData", forks));
        result.put("secondaryMetrics", new LinkedHashMap<>());
        results.add(result);
        return this;
    }

    /** Bytes per operation of the last result. */
    Recorded allocating(double... iterations) {
        results.get(results.size() - 1).put("secondaryMetrics", Map.of("gc.alloc.rate.norm",
                Map.of("score", 0, "scoreUnit", "B/op", "rawData", List.of(iterations))));
        return this;
    }

    void write(Path directory, String name) throws IOException {
        Files.writeString(directory.resolve(name), JSON.std.asString(results));
    }
}
