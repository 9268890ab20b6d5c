package io.ringbus.examples.tradingcore;

import java.util.Arrays;

/**
 * One side of the book: how many shares rest at each price.
 *
 * <p>The prices stand in a sorted array with the best one last, the shares in a second one beside it. Nearly all
 * changes happen near the best price, so what has to be moved for a price that comes or goes is short, and lies
 * together in memory.
 */
final class BookSide {

    private static final int INITIAL_PRICES = 256;

    /** Makes the better price the larger key: 1 for buyers, -1 for sellers. */
    private final int sign;

    private long[] keys = new long[INITIAL_PRICES];
    private long[] sizes = new long[INITIAL_PRICES];
    private int count;

    BookSide(Direction direction) {
        this.sign = direction.sign();
    }

    void add(long price, long size) {
        long key = sign * price;
        int at = Arrays.binarySearch(keys, 0, count, key);
        if (at >= 0) {
            sizes[at] += size;
        } else {
            insert(-at - 1, key, size);
        }
    }

    /**
     * Takes shares away. They rest here: whoever calls has them from an order.
     *
     * @param price where they rest
     * @param size  at most what rests there
     */
    void remove(long price, long size) {
        int at = Arrays.binarySearch(keys, 0, count, sign * price);
        sizes[at] -= size;
        if (sizes[at] == 0) {
            count--;
            System.arraycopy(keys, at + 1, keys, at, count - at);
            System.arraycopy(sizes, at + 1, sizes, at, count - at);
        }
    }

    /**
     * The best price.
     *
     * @return in 1/10,000 dollar; 0 when the side is empty
     */
    long bestPrice() {
        return count == 0 ? 0 : sign * keys[count - 1];
    }

    /**
     * The shares at the best price.
     *
     * @return how many; 0 when the side is empty
     */
    long bestSize() {
        return count == 0 ? 0 : sizes[count - 1];
    }

    private void insert(int at, long key, long size) {
        if (count == keys.length) {
            keys = Arrays.copyOf(keys, count * 2);
            sizes = Arrays.copyOf(sizes, count * 2);
        }
        System.arraycopy(keys, at, keys, at + 1, count - at);
        System.arraycopy(sizes, at, sizes, at + 1, count - at);
        keys[at] = key;
        sizes[at] = size;
        count++;
    }
}
