package io.ringbus.examples.tradingcore;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Order messages for tests, written as lines of the input. */
final class Messages {

    private Messages() {
    }

    static OrderMessageReader reader(String text) {
        return new OrderMessageReader("orders.csv", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    static List<OrderMessage> of(String... lines) {
        return all(reader(String.join("\n", lines)));
    }

    static List<OrderMessage> all(OrderMessageReader reader) {
        List<OrderMessage> messages = new ArrayList<>();
        for (OrderMessage message = reader.next(); message != null; message = reader.next()) {
            messages.add(message);
        }
        return messages;
    }
}
