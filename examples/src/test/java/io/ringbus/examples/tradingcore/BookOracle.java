package io.ringbus.examples.tradingcore;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What the trading core has to come to, computed in another way than it does: from the text of the lines, order by
 * order as a fold over that order's own history, without a book. The top is found anew after each line by looking at
 * every order that is live then. Slow, and easy to believe.
 */
final class BookOracle {

    /** What a line says, as text. */
    private record Line(int number, String time, int type, long id, long size, long price, int direction) {

        static Line parse(int number, String text) {
            String[] column = text.split(",");
            return new Line(number, column[0], Integer.parseInt(column[1]), Long.parseLong(column[2]),
                    Long.parseLong(column[3]), Long.parseLong(column[4]), Integer.parseInt(column[5]));
        }

        boolean concernsAnOrder() {
            return type <= 4;
        }
    }

    /** What is left of an order from one line until its next one; nothing left means that it is not there. */
    private record State(int from, long left, long price, int direction) {
    }

    private final List<Line> lines;
    private final Map<Long, List<State>> histories;
    private final long unknownOrders;

    private BookOracle(List<Line> lines) {
        this.lines = lines;
        long[] unknown = {0};
        this.histories = lines.stream().filter(Line::concernsAnOrder).collect(Collectors.groupingBy(Line::id,
                LinkedHashMap::new, Collectors.collectingAndThen(Collectors.toList(), own -> fold(own, unknown))));
        this.unknownOrders = unknown[0];
    }

    static BookOracle read(InputStream input) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(input, StandardCharsets.US_ASCII))) {
            List<String> texts = reader.lines().toList();
            List<Line> lines = new ArrayList<>();
            texts.forEach(text -> lines.add(Line.parse(lines.size() + 1, text)));
            return new BookOracle(lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long unknownOrders() {
        return unknownOrders;
    }

    long liveOrders() {
        return finalStates().size();
    }

    long executions() {
        return lines.stream().filter(line -> line.type == 4 || line.type == 5).count();
    }

    String bookHash() {
        String text = finalStates().entrySet().stream()
                .map(entry -> entry.getKey() + "," + entry.getValue().left + "," + entry.getValue().price + ","
                        + entry.getValue().direction + "\n")
                .collect(Collectors.joining());
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return String.format("%064x", new BigInteger(1, digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The rows of the tops file. */
    List<String> tops() {
        List<String> rows = new ArrayList<>();
        Map<Long, State> live = new LinkedHashMap<>();
        Map<Integer, Map<Long, State>> changes = new TreeMap<>();
        histories.forEach((id, states) -> states.forEach(state ->
                changes.computeIfAbsent(state.from, from -> new LinkedHashMap<>()).put(id, state)));
        String before = "0,0,0,0";
        for (Line line : lines) {
            changes.getOrDefault(line.number, Map.of()).forEach((id, state) -> {
                if (state.left == 0) {
                    live.remove(id);
                } else {
                    live.put(id, state);
                }
            });
            String after = best(live, -1) + "," + best(live, 1);
            if (!after.equals(before)) {
                rows.add(line.number + "," + line.time + "," + after);
                before = after;
            }
        }
        return rows;
    }

    private static String best(Map<Long, State> live, int direction) {
        LongStream prices = live.values().stream().filter(state -> state.direction == direction)
                .mapToLong(State::price);
        long price = (direction > 0 ? prices.max() : prices.min()).orElse(0);
        long size = live.values().stream().filter(state -> state.direction == direction && state.price == price)
                .mapToLong(State::left).sum();
        return price + "," + size;
    }

    private Map<Long, State> finalStates() {
        Map<Long, State> states = new TreeMap<>(Comparator.naturalOrder());
        histories.forEach((id, history) -> {
            if (!history.isEmpty() && history.get(history.size() - 1).left > 0) {
                states.put(id, history.get(history.size() - 1));
            }
        });
        return states;
    }

    private static List<State> fold(List<Line> own, long[] unknown) {
        List<State> history = new ArrayList<>();
        for (Line line : own) {
            State last = history.isEmpty() ? null : history.get(history.size() - 1);
            if (line.type == 1) {
                history.add(new State(line.number, line.size, line.price, line.direction));
            } else if (last == null || last.left == 0) {
                unknown[0]++;
            } else {
                long left = line.type == 3 ? 0 : Math.max(0, last.left - line.size);
                history.add(new State(line.number, left, last.price, last.direction));
            }
        }
        return history;
    }
}
