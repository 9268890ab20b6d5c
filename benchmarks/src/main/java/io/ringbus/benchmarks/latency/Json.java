package io.ringbus.benchmarks.latency;

import java.util.Map;

/** Values out of a parsed JSON object, or an error that names what is missing. */
final class Json {

    private Json() {
    }

    static String text(Map<String, Object> map, String key) {
        return String.valueOf(present(map, key));
    }

    static long number(Map<String, Object> map, String key) {
        if (present(map, key) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("this is to be a number: " + key + "=" + map.get(key));
    }

    private static Object present(Map<String, Object> map, String key) {
        Object value = map.get(key);
        if (value == null) {
            throw new IllegalArgumentException("a value is missing: name=" + key + ", in=" + map);
        }
        return value;
    }
}
