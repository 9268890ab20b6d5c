package io.ringbus.examples.tradingcore;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * What the book and the strategy have to publish, computed in another way than they do: from the rows of the
 * {@link BookOracle}'s tops file, one after the other, with exact decimals and without an engine.
 */
final class StrategyOracle {

    private static final BigDecimal THRESHOLD = new BigDecimal("0.8");
    private static final int TOP_CHANGES_PER_REQUEST = 100;

    private StrategyOracle() {
    }

    /** Each change of the top, known by the line that caused it. */
    static List<History.Top> tops(BookOracle oracle) {
        List<History.Top> tops = new ArrayList<>();
        for (String row : oracle.tops()) {
            String[] column = row.split(",");
            tops.add(new History.Top(Long.parseLong(column[0]), Long.parseLong(column[2]), Long.parseLong(column[3]),
                    Long.parseLong(column[4]), Long.parseLong(column[5])));
        }
        return tops;
    }

    /** Each order request, known by the line that caused the change of the top that it was decided on. */
    static List<History.Request> requests(List<History.Top> tops) {
        List<History.Request> requests = new ArrayList<>();
        int lastAt = Integer.MIN_VALUE / 2;
        for (int at = 0; at < tops.size(); at++) {
            History.Top top = tops.get(at);
            int side = sideBeyondThreshold(top);
            if (side != 0 && at - lastAt >= TOP_CHANGES_PER_REQUEST) {
                lastAt = at;
                requests.add(new History.Request(top.line(), new OrderRequest(at + 1L,
                        side > 0 ? Direction.BUY : Direction.SELL, side > 0 ? top.bidPrice() : top.askPrice(), 100)));
            }
        }
        return requests;
    }

    /** The definition, multiplied by the sum, which is never negative: no division, no rounding. */
    private static int sideBeyondThreshold(History.Top top) {
        BigDecimal difference = BigDecimal.valueOf(top.bidSize()).subtract(BigDecimal.valueOf(top.askSize()));
        BigDecimal limit = BigDecimal.valueOf(top.bidSize()).add(BigDecimal.valueOf(top.askSize()))
                .multiply(THRESHOLD);
        return difference.abs().compareTo(limit) > 0 ? difference.signum() : 0;
    }
}
