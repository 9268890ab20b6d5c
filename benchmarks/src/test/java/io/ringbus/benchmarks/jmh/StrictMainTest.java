package io.ringbus.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StrictMainTest {

    @Test
    void shouldTellJmhToFailWithTheBenchmark() {
        assertThat(StrictMain.failingOnError("-f", "1", "Journaled"))
                .containsExactly("-foe", "true", "-f", "1", "Journaled");
    }

    @Test
    void shouldLeaveTheChoiceToWhoeverMakesIt() {
        assertThat(StrictMain.failingOnError("-foe", "false")).containsExactly("-foe", "false");
    }
}
