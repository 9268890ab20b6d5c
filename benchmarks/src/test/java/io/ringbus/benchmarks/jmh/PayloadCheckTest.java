package io.ringbus.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PayloadCheckTest {

    private static final int PAYLOAD = 64;

    private final PayloadCheck check = new PayloadCheck(PAYLOAD, Duration.ofMillis(10));

    @Test
    void shouldAcceptEachEventOnceAndInOrder() {
        accept(1, 2, 3);
        assertThatCode(() -> check.awaitAndVerify(3)).doesNotThrowAnyException();
        accept(4);
        assertThatCode(() -> check.awaitAndVerify(4)).doesNotThrowAnyException();
    }

    @Test
    void shouldNoticeALostEvent() {
        accept(1, 3);
        assertWrong(3, "due=2");
    }

    @Test
    void shouldNoticeThatTheLastEventsAreLost() {
        accept(1, 2);
        assertWrong(4, "published=4, seen=2");
    }

    @Test
    void shouldNoticeARepeatedEvent() {
        accept(1, 2, 2);
        assertWrong(3, "due=3");
    }

    @Test
    void shouldNoticeTwoEventsInTheWrongOrder() {
        accept(2, 1);
        assertWrong(2, "due=1");
    }

    @Test
    void shouldNoticeAnEventThatNobodyPublished() {
        accept(1, 2, 3);
        assertWrong(2, "published=2, seen=3");
    }

    @Test
    void shouldNoticeADamagedPayload() {
        accept(1);
        PayloadEvent damaged = event(2);
        damaged.payload()[PAYLOAD - 1] ^= 0x40;
        check.accept(damaged);
        assertWrong(2, "payloads were changed");
    }

    @Test
    void shouldPassOnWhatThePipelineReports() {
        accept(1);
        check.fail(new WrongResultException("the disk is full"));
        assertWrong(1, "the disk is full");
    }

    private void assertWrong(long last, String what) {
        assertThatThrownBy(() -> check.awaitAndVerify(last))
                .isInstanceOf(WrongResultException.class)
                .hasMessageContaining(what);
    }

    private void accept(long... numbers) {
        for (long number : numbers) {
            check.accept(event(number));
        }
    }

    private static PayloadEvent event(long number) {
        PayloadEvent event = new PayloadEvent(PAYLOAD);
        event.fill(number);
        return event;
    }
}
