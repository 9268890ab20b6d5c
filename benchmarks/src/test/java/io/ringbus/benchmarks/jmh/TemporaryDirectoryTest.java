package io.ringbus.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TemporaryDirectoryTest {

    @Test
    void shouldBeDeletedWithAllThatIsInIt() throws IOException {
        Path path;
        try (TemporaryDirectory directory = new TemporaryDirectory()) {
            path = directory.path();
            write(path);
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void shouldBeDeletedWhenTheProcessFails() throws Exception {
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Failing.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String path = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(child.waitFor()).isOne();
        assertThat(Path.of(path)).isAbsolute().doesNotExist();
    }

    private static void write(Path path) throws IOException {
        Files.writeString(Files.createDirectory(path.resolve("journal")).resolve("events"), "some");
    }

    /** What the second JVM runs. */
    static final class Failing {

        private Failing() {
        }

        public static void main(String[] args) throws IOException {
            Path path = new TemporaryDirectory().path();
            write(path);
            System.out.print(path);
            throw new IllegalStateException("as planned");
        }
    }
}
