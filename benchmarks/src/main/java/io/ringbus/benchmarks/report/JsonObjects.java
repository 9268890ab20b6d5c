package io.ringbus.benchmarks.report;

import java.util.LinkedHashMap;
import java.util.Map;

/** Parsed JSON objects, as maps. */
final class JsonObjects {

    private JsonObjects() {
    }

    static Map<String, Object> map(Object value) {
        if (!(value instanceof Map<?, ?> parsed)) {
            throw new IllegalArgumentException("this is to be a JSON object: value=" + value);
        }
        Map<String, Object> map = new LinkedHashMap<>();
        parsed.forEach((name, element) -> map.put(String.valueOf(name), element));
        return map;
    }

    static String text(Map<String, Object> map, String name) {
        Object value = map.get(name);
        if (value == null) {
            throw new IllegalArgumentException("a value is missing: name=" + name);
        }
        return String.valueOf(value);
    }
}
