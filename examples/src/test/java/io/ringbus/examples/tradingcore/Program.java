package io.ringbus.examples.tradingcore;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** One call of the program, with what it printed. */
record Program(int exitCode, String out, String err) {

    static Program run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Main.run(args, new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Program(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The last line on standard output. */
    Map<String, Object> json() throws IOException {
        List<String> lines = out.lines().toList();
        return JSON.std.mapFrom(lines.get(lines.size() - 1));
    }

    /** All that a restart must not change. */
    Map<String, Object> state() throws IOException {
        Map<String, Object> state = json();
        state.keySet().retainAll(List.of("refused", "unknownOrders", "liveOrders", "bookHash", "topChanges",
                "dropCopiesExpected", "dropCopiesDelivered", "deadLetters", "ordersRequested", "ordersSent",
                "divergences"));
        return state;
    }
}
