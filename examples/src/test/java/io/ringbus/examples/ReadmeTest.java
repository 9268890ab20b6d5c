package io.ringbus.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The README shows what compiles: its code is the example's, line by line. */
class ReadmeTest {

    private static final Path README = Path.of("..", "README.md");
    private static final Path EXAMPLE = Path.of("src", "main", "java", "io", "ringbus", "examples", "QuickStart.java");

    @Test
    void shouldShowTheQuickStartAsItCompiles() throws IOException {
        String readme = Files.readString(README);
        int begin = readme.indexOf("```java") + "```java".length();
        List<String> shown = code(readme.substring(begin, readme.indexOf("```", begin)));

        assertThat(shown).hasSizeGreaterThan(10);
        assertThat(code(Files.readString(EXAMPLE))).containsSubsequence(shown);
    }

    private static List<String> code(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }
}
