package io.ringbus.engine.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.error.InvalidConfigurationException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Which letters a query means. */
class DeadLetterQueryTest {

    private static final Instant NOW = Instant.parse("2026-05-04T03:02:01Z");

    private final DeadLetter numbered = new DeadLetter("billing", 7, "trade", "account", 12, null, "event",
            "java.net.ConnectException", "refused", 3, NOW.minusSeconds(90), NOW.minusSeconds(60));
    private final DeadLetter keyed = new DeadLetter("mail", 8, "note", "customer", 0, "c-1", null,
            "java.net.http.HttpTimeoutException", "", 1, NOW, NOW);
    private final DeadLetter unreadable = new DeadLetter("mail", 9, null, null, 0, null, null, "java.io.IOException",
            "", 1, NOW, NOW);

    @Test
    void shouldMeanAllUnlessAskedForLess() {
        assertThat(meant(DeadLetterQuery.all())).containsExactly(7L, 8L, 9L);
        assertThat(DeadLetterQuery.all().limit()).isEqualTo(Integer.MAX_VALUE);
        assertThat(DeadLetterQuery.all().asksForEvent()).isFalse();
    }

    @Test
    void shouldMeanThoseOfASubscriptionASequenceAnErrorOrAnAge() {
        assertThat(meant(DeadLetterQuery.all().subscription("mail"))).containsExactly(8L, 9L);
        assertThat(meant(DeadLetterQuery.all().sequence(8))).containsExactly(8L);
        assertThat(meant(DeadLetterQuery.all().errorClass("java.net.ConnectException"))).containsExactly(7L);
        assertThat(meant(DeadLetterQuery.all().errorClass("java.net"))).as("no class, and no package").isEmpty();
        assertThat(meant(DeadLetterQuery.all().errorClass("java.net."))).containsExactly(7L, 8L);
        assertThat(meant(DeadLetterQuery.all().olderThan(Duration.ofSeconds(60)))).containsExactly(7L);
        assertThat(meant(DeadLetterQuery.all().olderThan(Duration.ofSeconds(60).plusNanos(1)))).isEmpty();
    }

    @Test
    void shouldMeanThoseOfAnEventTypeOrAnAggregate() {
        assertThat(meant(DeadLetterQuery.all().eventType("note"))).containsExactly(8L);
        assertThat(meant(DeadLetterQuery.all().aggregate("account", 12))).containsExactly(7L);
        assertThat(meant(DeadLetterQuery.all().aggregate("account", 13))).isEmpty();
        assertThat(meant(DeadLetterQuery.all().aggregate("customer", "c-1"))).containsExactly(8L);
        assertThat(meant(DeadLetterQuery.all().aggregate("customer", 0))).as("its id is a text").isEmpty();
        assertThat(DeadLetterQuery.all().eventType("note").asksForEvent()).isTrue();
        assertThat(DeadLetterQuery.all().aggregate("a", 1).asksForEvent()).isTrue();
        assertThat(meant(DeadLetterQuery.all().eventType("note").aggregate("a", 1).anyEvent()))
                .containsExactly(7L, 8L, 9L);
    }

    @Test
    void shouldMeanThoseThatFitEverything() {
        DeadLetterQuery mail = DeadLetterQuery.all().subscription("mail");

        assertThat(meant(mail.errorClass("java.io.").limit(3))).containsExactly(9L);
        assertThat(meant(mail.aggregate("account", 12))).isEmpty();
        assertThat(meant(mail.subscription("billing"))).as("the last call counts").containsExactly(7L);
        assertThat(meant(mail)).as("a query is not changed").containsExactly(8L, 9L);
        assertThat(mail.limit(3).subscription("billing").limit()).isEqualTo(3);
    }

    @Test
    void shouldMeanALetterFromTheFutureWhenNoAgeIsAskedFor() {
        assertThat(DeadLetterQuery.all().matches(keyed, NOW.minusSeconds(5))).isTrue();
        assertThat(DeadLetterQuery.all().olderThan(Duration.ofNanos(1)).matches(keyed, NOW.minusSeconds(5))).isFalse();
    }

    @Test
    void shouldRefuseWhatCannotBeMeant() {
        DeadLetterQuery all = DeadLetterQuery.all();

        refused(() -> all.subscription(" "), "subscription= ");
        refused(() -> all.subscription(null), "subscription=null");
        refused(() -> all.sequence(0), "sequence=0");
        refused(() -> all.errorClass(""), "errorClass=");
        refused(() -> all.eventType(null), "eventType=null");
        refused(() -> all.aggregate(null, 1), "aggregateType=null");
        refused(() -> all.aggregate("a", null), "aggregateKey=null");
        refused(() -> all.olderThan(null), "olderThan=null");
        refused(() -> all.olderThan(Duration.ofNanos(-1)), "olderThan=PT-0.000000001S");
        refused(() -> all.limit(0), "limit=0");
    }

    private static void refused(ThrowingCallable call, String value) {
        assertThatThrownBy(call).isInstanceOf(InvalidConfigurationException.class).hasMessageEndingWith(value);
    }

    private List<Long> meant(DeadLetterQuery query) {
        return List.of(numbered, keyed, unreadable).stream().filter(letter -> query.matches(letter, NOW))
                .map(DeadLetter::sequence).toList();
    }
}
