package io.ringbus.benchmarks.report;

import com.fasterxml.jackson.jr.ob.JSON;
import com.samskivert.mustache.Mustache;
import io.ringbus.benchmarks.latency.RunPlan;
import io.ringbus.benchmarks.report.LatencyResults.Run;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The page: a template, a style, a script and a chart library, all in one file that needs nothing else. The plots are
 * drawn in the browser, by a library that comes in a jar of its own: it needs no fonts and no graphics of the machine
 * that measures, shows values where one points, and hides a contender that is in the way.
 */
final class Page {

    /** Names the script of the chart library, whose path holds its version; the build fills that in. */
    private static final String CHART_LIBRARY = "chart-library.txt";

    private final JmhResults jmh;
    private final LatencyResults latency;
    private final Environment environment;

    Page(JmhResults jmh, LatencyResults latency, Environment environment) {
        this.jmh = jmh;
        this.latency = latency;
        this.environment = environment;
    }

    /** All of it, as HTML. */
    String render() throws IOException {
        List<Chart> charts = Charts.of(jmh, latency);
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("facts", environment.facts().entrySet());
        context.put("jdks", jmh.jdks());
        context.put("settings", jmh.settings());
        context.put("latencySettings", latency.all().stream().map(run -> settings(run.result().plan())).distinct()
                .toList());
        context.put("figures", Figures.of(jmh, latency));
        context.put("missing", Suite.missing(jmh, latency));
        context.put("hasMissing", !Suite.missing(jmh, latency).isEmpty());
        context.put("charts", numbered(charts));
        context.put("benchmarks", jmh.all().stream().map(Page::row).toList());
        context.put("latencies", latency.all().stream().map(Page::row).toList());
        context.put("style", resource("report.css"));
        context.put("data", JSON.std.asString(charts.stream().map(Chart::toMap).toList()).replace("<", "\\u003c"));
        context.put("library", asScript(resource(resource(CHART_LIBRARY).trim())));
        context.put("script", asScript(resource("report.js")));
        return Mustache.compiler().escapeHTML(true).compile(resource("report.mustache")).execute(context);
    }

    private static List<Map<String, Object>> numbered(List<Chart> charts) {
        List<Map<String, Object>> numbered = new ArrayList<>();
        for (Chart chart : charts) {
            numbered.add(Map.of("number", numbered.size(), "title", chart.title(), "leavesOut", chart.leavesOut(),
                    "isBars", chart.kind() == Chart.Kind.BARS));
        }
        return numbered;
    }

    private static Map<String, String> row(Measured result) {
        return Map.of("name", result.id().toString(),
                "median", Figure.number(Medians.of(result.values().values())),
                "low", Figure.number(Collections.min(result.values().values())),
                "high", Figure.number(Collections.max(result.values().values())),
                "count", String.valueOf(result.values().size()),
                "unit", result.unit(),
                "allocated", result.allocated().isEmpty() ? ""
                        : Figure.number(Medians.of(result.allocated().values())));
    }

    private static Map<String, Object> row(Run run) {
        RunPlan plan = run.result().plan();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", plan.contender() + ", journal " + plan.journal());
        row.put("rate", String.format("%,d/s", plan.ratePerSecond()));
        row.put("round", run.result().round());
        for (double percentile : new double[] {50, 90, 99, 99.9, 99.99, 100}) {
            row.put("p" + String.valueOf(percentile).replace('.', '_').replace("_0", ""), run.failed() ? ""
                    : Figure.number(run.histogram().getValueAtPercentile(percentile) / 1e3));
        }
        row.put("standing", run.result().verdict().standing().name().toLowerCase(Locale.ROOT));
        row.put("reason", run.result().verdict().reason());
        return row;
    }

    private static String settings(RunPlan plan) {
        return "payload " + plan.payloadBytes() + " bytes, " + plan.waitMode() + ", warm-up " + plan.times().warmUp()
                + ", measured " + plan.times().measured() + ", invalid when more than " + plan.times().behind()
                + " behind";
    }

    /** Nothing in it may look like the end of a script. */
    private static String asScript(String text) {
        return text.replace("</script", "<\\/script").replaceAll("(?m)^//# sourceMappingURL=.*$", "");
    }

    private static String resource(String name) throws IOException {
        try (InputStream file = Page.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IOException("a part of the page is not on the class path: name=" + name);
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
