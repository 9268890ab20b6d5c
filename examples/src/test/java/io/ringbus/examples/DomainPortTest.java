package io.ringbus.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringbus.engine.event.DomainEventPublisher;
import io.ringbus.examples.DomainPort.Deposited;
import io.ringbus.examples.DomainPort.Teller;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

class DomainPortTest {

    @Test
    void shouldRunTheDomainOnAnEngineInMemory() {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            DomainPort.main(new String[0]);
        } finally {
            System.setOut(before);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("total in cents: 10050" + System.lineSeparator());
    }

    @Test
    void shouldTestTheDomainWithAList() {
        Published events = new Published();
        Teller teller = new Teller(events);

        assertThat(teller.deposit(7, 3)).isEqualTo(1);
        assertThatThrownBy(() -> teller.deposit(7, 0)).hasMessageEndingWith("cents=0");

        assertThat(events.all).containsExactly(new Deposited(7, 3));
    }

    /** What stands for the engine in a test of the domain. */
    private static final class Published implements DomainEventPublisher {

        final List<Object> all = new ArrayList<>();

        @Override
        public long publish(Object event) {
            all.add(event);
            return all.size();
        }

        @Override
        public long publishAll(Collection<?> events) {
            all.addAll(events);
            return events.isEmpty() ? 0 : all.size();
        }
    }
}
