package io.ringbus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringbus.engine.error.WrongProducerThreadException;
import io.ringbus.engine.support.Note;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The check for a second thread on a single producer is on in each JVM, with assertions and without. */
class SecondPublisherTest {

    /** Publishes on two threads, and says what the second got, and whether assertions were on. */
    public static void main(String[] arguments) throws InterruptedException {
        EventEngine engine = new EventEngine(new EventEngineConfig().ringSize(4).producerMode(ProducerMode.SINGLE));
        engine.register(Note.TYPE);
        engine.start();
        engine.publish(new Note(1));
        Thread second = new Thread(() -> {
            try {
                engine.publish(new Note(2));
                System.out.print("published");
            } catch (RuntimeException e) {
                System.out.print(e.getClass().getSimpleName());
            }
        });
        second.start();
        second.join();
        engine.publish(new Note(3));
        engine.close();
        System.out.print(" " + SecondPublisherTest.class.desiredAssertionStatus());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-da", "-ea"})
    void shouldBeRefusedInAnyJvm(String assertions) throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process jvm = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), assertions,
                "-cp", classPath, SecondPublisherTest.class.getName()).redirectErrorStream(true).start();
        String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(jvm.waitFor()).as(output).isZero();
        assertThat(output).endsWith(WrongProducerThreadException.class.getSimpleName() + " "
                + assertions.equals("-ea"));
    }
}
