package io.ringbus.examples.tradingcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderMessageReaderTest {

    private static final String GOOD = "34200.004241176,1,16113575,18,5853300,1";

    @Test
    void shouldReadEachColumnOfALine() {
        assertThat(Messages.of(GOOD)).containsExactly(new OrderMessage(1, 34_200_004_241_176L, 9,
                MessageType.NEW_ORDER, 16_113_575, 18, 5_853_300, Direction.BUY));
    }

    @Test
    void shouldReadTheCodeOfAHaltWhereThePriceStands() {
        assertThat(Messages.of("34200,7,0,0,-1,-1")).containsExactly(new OrderMessage(1, 34_200_000_000_000L, 0,
                MessageType.TRADING_HALT, 0, 0, -1, Direction.SELL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "7.5", "34200", "34200.0", "34200.10", "34200.000000001", "34200.123456789",
        "86399.999999999", "100000.00"})
    void shouldGiveTheTimeBackAsItStoodInTheInput(String time) {
        StringBuilder text = new StringBuilder();
        Messages.of(time + ",1,1,1,1,1").get(0).appendTime(text);

        assertThat(text).hasToString(time);
    }

    @Test
    void shouldNumberLinesFromOneWhateverEndsThem() {
        assertThat(Messages.all(Messages.reader(GOOD + "\r\n" + GOOD + "\n" + GOOD + "\n")))
                .extracting(OrderMessage::line).containsExactly(1L, 2L, 3L);
    }

    @Test
    void shouldReadNothingFromAnEmptyInput() {
        assertThat(Messages.all(Messages.reader(""))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "abc,1,1,1,1,1|column 1 (time) is \"abc\"; expected seconds after midnight",
        "-1,1,1,1,1,1|column 1 (time) is \"-1\"; expected seconds after midnight",
        "1.,1,1,1,1,1|column 1 (time) is \"1.\"; expected seconds after midnight",
        ".5,1,1,1,1,1|column 1 (time) is \".5\"; expected seconds after midnight",
        "1.0000000001,1,1,1,1,1|column 1 (time) is \"1.0000000001\"; expected seconds after midnight",
        "01.5,1,1,1,1,1|column 1 (time) is \"01.5\"; expected seconds after midnight",
        "1,0,1,1,1,1|column 2 (type) is \"0\"; expected a message type from 1 to 7",
        "1,8,1,1,1,1|column 2 (type) is \"8\"; expected a message type from 1 to 7",
        "1,,1,1,1,1|column 2 (type) is \"\"; expected a message type from 1 to 7",
        "1,1,-5,1,1,1|column 3 (order id) is \"-5\"; expected a whole number",
        "1,1,1,1.5,1,1|column 4 (size) is \"1.5\"; expected a whole number of shares",
        "1,1,1,-1,1,1|column 4 (size) is \"-1\"; expected a whole number of shares",
        "1,1,1,1,-1,1|column 5 (price) is \"-1\"; expected a price in 1/10,000 dollar",
        "1,7,0,0,-,1|column 5 (price) is \"-\"; expected a price in 1/10,000 dollar",
        "1,1,1,1, 1,1|column 5 (price) is \" 1\"; expected a price in 1/10,000 dollar",
        "1,1,1,1,1,0|column 6 (direction) is \"0\"; expected 1 (buy) or -1 (sell)",
        "1,1,1,1,1|the line has 5 columns; expected six",
        "1,1,1,1,1,1,1|the line has 7 columns; expected six",
        "garbage|the line has 1 column; expected six",
    })
    void shouldNameFileLineValueAndWhatWasExpectedOfAMalformedLine(String line, String defect) {
        OrderMessageReader reader = Messages.reader(GOOD + "\n" + line + "\n" + GOOD);
        assertThat(reader.next().line()).isEqualTo(1);

        assertThatThrownBy(reader::next).isInstanceOf(MalformedLineException.class)
                .hasMessageStartingWith("orders.csv, line 2: " + defect);
    }

    @Test
    void shouldRefuseAnEmptyLine() {
        OrderMessageReader reader = Messages.reader(GOOD + "\n\n" + GOOD);
        reader.next();

        assertThatThrownBy(reader::next).isInstanceOf(MalformedLineException.class)
                .hasMessageStartingWith("orders.csv, line 2: the line is empty; expected six columns");
    }

    @Test
    void shouldCutALongValueInTheMessage() {
        assertThatThrownBy(() -> Messages.of("1,1,1,1,1," + "9".repeat(5_000)))
                .hasMessageContaining("is \"" + "9".repeat(40) + "…\"").message().hasSizeLessThan(200);
    }

    @Test
    void shouldRefuseAQuoteThatNeverEnds() {
        OrderMessageReader reader = Messages.reader(GOOD + "\n1,1,\"1,1,1,1\n" + GOOD);
        reader.next();

        assertThatThrownBy(reader::next).isInstanceOf(MalformedLineException.class)
                .hasMessageStartingWith("orders.csv, line 2: ");
    }

    @Test
    void shouldReadOnAfterAMalformedLineNeitherWithItsValuesNorItsDefect() {
        OrderMessageReader reader = Messages.reader("x,1,1,1,1,1\n" + GOOD);
        assertThatThrownBy(reader::next).isInstanceOf(MalformedLineException.class);

        assertThat(reader.next()).isEqualTo(new OrderMessage(2, 34_200_004_241_176L, 9, MessageType.NEW_ORDER,
                16_113_575, 18, 5_853_300, Direction.BUY));
    }
}
