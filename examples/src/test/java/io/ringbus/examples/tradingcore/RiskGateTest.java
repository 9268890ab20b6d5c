package io.ringbus.examples.tradingcore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RiskGateTest {

    private final RiskGate gate = new RiskGate();

    @ParameterizedTest
    @CsvSource({"1,100,0", "100000,1999999900,0", "0,100,1", "100001,100,1", "1,99,1", "1,1999999901,1"})
    void shouldRefuseANewOrderOutOfBounds(long size, long price, long refused) {
        feed("1,1,5," + size + "," + price + ",1");

        assertThat(gate.refused()).isEqualTo(refused);
    }

    @Test
    void shouldJudgeNewOrdersAlone() {
        feed("1,2,5,1000000,1,1", "1,3,5,1000000,1,1", "1,4,5,1000000,1,1", "1,5,5,1000000,1,1", "1,6,5,1000000,1,1");

        assertThat(gate.refused()).isZero();
    }

    @Test
    void shouldRefuseNewOrdersFromAHaltUntilQuotesResume() {
        feed("1,1,1,100,5000000,1",
                "2,7,0,0,-1,-1", "2,1,2,100,5000000,1", "2,1,3,100,5000000,1", "2,3,1,100,5000000,1",
                "3,7,0,0,0,-1", "3,1,4,100,5000000,1",
                "4,7,0,0,1,-1", "4,1,5,100,5000000,1");

        assertThat(gate.refused()).isEqualTo(2);
    }

    private void feed(String... lines) {
        // The gate looks at the message alone.
        Messages.of(lines).forEach(message -> gate.onEvent(message, null));
    }
}
