package io.ringbus.benchmarks.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a plot shows; the page's script draws it.
 *
 * @param kind      how it is drawn
 * @param title     what is measured
 * @param axes      what stands at the axes
 * @param series    a bar group or a line each
 * @param leavesOut what the figure does not say
 */
record Chart(Kind kind, String title, Axes axes, List<Series> series, String leavesOut) {

    /** How a chart is drawn. */
    enum Kind {
        /** A bar per contender and set of parameters, with its least and its greatest iteration. */
        BARS,
        /** A line over a parameter that is a number. */
        LINES,
        /** A curve over percentiles. */
        PERCENTILES
    }

    /**
     * The axes.
     *
     * @param x      what goes along it
     * @param y      what goes up, with its unit
     * @param labels of the places along x; none where points say where they are
     */
    record Axes(String x, String y, List<String> labels) {
    }

    /**
     * A contender.
     *
     * @param name   in the legend
     * @param points one for each label; null where there is none
     * @param dashed whether it is not to be believed
     */
    record Series(String name, List<Point> points, boolean dashed) {
    }

    /**
     * A value.
     *
     * @param x    where it stands, if no label says so
     * @param y    the median, or the percentile's value
     * @param low  the least
     * @param high the greatest
     */
    record Point(double x, double y, double low, double high) {

        Map<String, Object> toMap() {
            return Map.of("x", x, "y", y, "low", low, "high", high);
        }
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("kind", kind.name());
        map.put("x", axes.x());
        map.put("y", axes.y());
        map.put("labels", axes.labels());
        map.put("series", series.stream().map(Chart::toMap).toList());
        return map;
    }

    private static Map<String, Object> toMap(Series series) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", series.name());
        map.put("dashed", series.dashed());
        map.put("points", series.points().stream().map(point -> point == null ? null : point.toMap()).toList());
        return map;
    }
}
