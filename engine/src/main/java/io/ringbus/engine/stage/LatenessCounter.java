package io.ringbus.engine.stage;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts times in buckets: below 32 ns one for each nanosecond, above 16 for each power of two, so a percentile is at
 * most 1/16 too high. Fixed size (8 KB), no garbage. One thread at a time adds, anyone reads.
 */
public final class LatenessCounter {

    private static final int SUB_BITS = 4;
    private static final int SUB = 1 << SUB_BITS;
    /** The last bucket is that of {@link Long#MAX_VALUE}. */
    private static final int BUCKETS = bucketOf(Long.MAX_VALUE) + 1;

    private final AtomicLongArray buckets = new AtomicLongArray(BUCKETS);
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong sum = new AtomicLong();
    private final AtomicLong max = new AtomicLong();

    /** Takes one time; not negative. */
    void add(long nanos) {
        int bucket = bucketOf(nanos);
        buckets.lazySet(bucket, buckets.get(bucket) + 1);
        sum.lazySet(sum.get() + nanos);
        max.lazySet(Math.max(max.get(), nanos));
        count.lazySet(count.get() + 1);
    }

    /**
     * The mean.
     *
     * @return nanoseconds; 0 while nothing was counted
     */
    public long meanNanos() {
        long counted = count.get();
        return counted == 0 ? 0 : sum.get() / counted;
    }

    /**
     * The longest.
     *
     * @return nanoseconds; 0 while nothing was counted
     */
    public long maxNanos() {
        return max.get();
    }

    /**
     * The time that a share of all kept within.
     *
     * @param share above 0, at most 1
     * @return nanoseconds, at most 1/16 too high; 0 while nothing was counted
     */
    public long percentileNanos(double share) {
        long counted = count.get();
        if (counted == 0) {
            return 0;
        }
        long wanted = Math.max(1, (long) Math.ceil(counted * share));
        long seen = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            seen += buckets.get(bucket);
            if (seen >= wanted) {
                return Math.min(highestOf(bucket), max.get());
            }
        }
        return max.get();
    }

    /** The power of two picks the group of buckets, the four bits after the highest the bucket in it. */
    private static int bucketOf(long nanos) {
        if (nanos < 2 * SUB) {
            return (int) nanos;
        }
        int shift = Long.SIZE - 1 - SUB_BITS - Long.numberOfLeadingZeros(nanos);
        return shift * SUB + (int) (nanos >>> shift);
    }

    private static long highestOf(int bucket) {
        if (bucket < 2 * SUB) {
            return bucket;
        }
        int shift = bucket / SUB - 1;
        return (SUB + (long) (bucket % SUB) + 1 << shift) - 1;
    }
}
