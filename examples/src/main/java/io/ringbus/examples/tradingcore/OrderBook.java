package io.ringbus.examples.tradingcore;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The limit order book: all live orders, and what rests at each price. A function of the messages it was given, in
 * their order; one thread.
 *
 * <p>New orders are added; cancellations and executions take at most what is left; deletions take the rest; an order
 * with nothing left is gone. Hidden executions, crosses and halts change nothing. A message on an order that the book
 * does not know (it was there before the input began) is counted and changes nothing. A new order under the number of a
 * live one takes its place.
 */
final class OrderBook {

    private final Long2ObjectHashMap<RestingOrder> orders = new Long2ObjectHashMap<>(16_384, 0.6f);
    private final BookSide asks = new BookSide(Direction.SELL);
    private final BookSide bids = new BookSide(Direction.BUY);
    private long unknownOrders;

    void apply(OrderMessage message) {
        switch (message.type()) {
            case NEW_ORDER -> add(message);
            case PARTIAL_CANCELLATION, VISIBLE_EXECUTION -> reduce(message.orderId(), message.size());
            case DELETION -> reduce(message.orderId(), Long.MAX_VALUE);
            case HIDDEN_EXECUTION, CROSS_TRADE, TRADING_HALT -> { }
        }
    }

    BookSide asks() {
        return asks;
    }

    BookSide bids() {
        return bids;
    }

    long liveOrders() {
        return orders.size();
    }

    long unknownOrders() {
        return unknownOrders;
    }

    /**
     * A digest of all live orders, the same on every machine.
     *
     * @return lower-case hex SHA-256 over the UTF-8 lines {@code orderId,remainingSize,price,direction\n}, ascending by
     *         order id
     */
    String hash() {
        MessageDigest digest = sha256();
        StringBuilder line = new StringBuilder();
        orders.values().stream().sorted((a, b) -> Long.compare(a.id, b.id)).forEach(order -> {
            line.setLength(0);
            line.append(order.id).append(',').append(order.remaining).append(',').append(order.price).append(',')
                    .append(order.direction.sign()).append('\n');
            digest.update(line.toString().getBytes(StandardCharsets.UTF_8));
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private void add(OrderMessage message) {
        if (orders.containsKey(message.orderId())) {
            reduce(message.orderId(), Long.MAX_VALUE);
        }
        if (message.size() > 0) {
            RestingOrder order = new RestingOrder(message);
            orders.put(order.id, order);
            side(order).add(order.price, order.remaining);
        }
    }

    private void reduce(long orderId, long size) {
        RestingOrder order = orders.get(orderId);
        if (order == null) {
            unknownOrders++;
            return;
        }
        long taken = Math.min(size, order.remaining);
        if (taken > 0) {
            side(order).remove(order.price, taken);
            order.remaining -= taken;
        }
        if (order.remaining == 0) {
            orders.remove(orderId);
        }
    }

    private BookSide side(RestingOrder order) {
        return order.direction == Direction.BUY ? bids : asks;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static final class RestingOrder {

        private final long id;
        private final long price;
        private final Direction direction;
        private long remaining;

        RestingOrder(OrderMessage message) {
            this.id = message.orderId();
            this.price = message.price();
            this.direction = message.direction();
            this.remaining = message.size();
        }
    }
}
