package io.ringbus.examples.tradingcore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OrderBookTest {

    /** The SHA-256 of nothing. */
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private final OrderBook book = new OrderBook();

    @Test
    void shouldBeEmptyAtFirst() {
        assertThat(book.hash()).isEqualTo(EMPTY);
        assertThat(book.liveOrders()).isZero();
        assertTop(0, 0, 0, 0);
    }

    @Test
    void shouldAddNewOrdersToTheirSide() {
        feed("1,1,1,10,500,1", "1,1,2,20,400,1", "1,1,3,30,600,-1", "1,1,4,40,700,-1", "1,1,5,5,500,1");

        assertTop(600, 30, 500, 15);
        assertThat(book.liveOrders()).isEqualTo(5);
    }

    @Test
    void shouldHashTheLiveOrdersAscendingByNumber() {
        feed("1,1,20,7,600,-1", "1,1,3,10,500,1", "1,2,3,4,500,1");

        // printf '3,6,500,1\n20,7,600,-1\n' | sha256sum
        assertThat(book.hash()).isEqualTo("3d6df996aafe8846c54c45f0e0eee3bb452b3dfe0c6e874e15ecca1804a3e773");
    }

    @Test
    void shouldTakeAtMostWhatIsLeft() {
        feed("1,1,1,10,500,1", "1,2,1,4,500,1");
        assertTop(0, 0, 500, 6);

        feed("1,4,1,100,500,1");
        assertTop(0, 0, 0, 0);
        assertThat(book.liveOrders()).isZero();
        assertThat(book.unknownOrders()).isZero();
    }

    @Test
    void shouldDeleteAllThatIsLeftWhateverSizeTheMessageNames() {
        feed("1,1,1,10,500,1", "1,3,1,2,500,1");

        assertThat(book.hash()).isEqualTo(EMPTY);
        assertTop(0, 0, 0, 0);
    }

    @Test
    void shouldCountMessagesOnUnknownOrdersAndChangeNothing() {
        feed("1,1,1,10,500,1", "1,2,9,1,500,1", "1,3,9,1,500,1", "1,4,9,1,500,1");

        assertThat(book.unknownOrders()).isEqualTo(3);
        assertTop(0, 0, 500, 10);
    }

    @Test
    void shouldNotKnowAnOrderThatIsGone() {
        feed("1,1,1,10,500,1", "1,4,1,10,500,1", "1,3,1,10,500,1");

        assertThat(book.unknownOrders()).isEqualTo(1);
    }

    @Test
    void shouldLeaveTheBookToHiddenExecutionsCrossesAndHalts() {
        feed("1,1,1,10,500,1");
        String before = book.hash();

        feed("1,5,1,10,500,1", "1,6,1,10,500,1", "1,7,1,10,500,1");
        assertThat(book.hash()).isEqualTo(before);
        assertThat(book.unknownOrders()).isZero();
    }

    @Test
    void shouldGoByThePriceAndSideOfTheOrderNotOfTheMessage() {
        feed("1,1,1,10,500,1", "1,2,1,4,999,-1");

        assertTop(0, 0, 500, 6);
    }

    @Test
    void shouldReplaceALiveOrderThatIsNewOnceMore() {
        feed("1,1,1,10,500,1", "1,1,1,3,600,-1");

        assertTop(600, 3, 0, 0);
        assertThat(book.liveOrders()).isEqualTo(1);
    }

    @Test
    void shouldNotAddAnOrderOfNothing() {
        feed("1,1,1,0,500,1");

        assertThat(book.liveOrders()).isZero();
        assertTop(0, 0, 0, 0);
    }

    @Test
    void shouldFindTheNextBestPriceAmongThousands() {
        for (int i = 1; i <= 2_000; i++) {
            feed("1,1," + i + ",1," + i * 7 % 2_003 + ",1", "1,1," + (10_000 + i) + ",1," + (5_000 + i * 7 % 2_003)
                    + ",-1");
        }
        assertThat(book.bids().bestPrice()).isEqualTo(2_002);
        assertThat(book.asks().bestPrice()).isEqualTo(5_001);

        for (int i = 1; i <= 2_000; i++) {
            if (i * 7 % 2_003 > 10) {
                feed("1,3," + i + ",1,1,1");
            }
        }
        assertThat(book.bids().bestPrice()).isEqualTo(10);
    }

    private void feed(String... lines) {
        Messages.of(lines).forEach(book::apply);
    }

    private void assertTop(long askPrice, long askSize, long bidPrice, long bidSize) {
        assertThat(new long[] {book.asks().bestPrice(), book.asks().bestSize(), book.bids().bestPrice(),
            book.bids().bestSize()}).containsExactly(askPrice, askSize, bidPrice, bidSize);
    }
}
