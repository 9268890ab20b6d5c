package io.ringbus.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The READMEs show what compiles: the first code of each is an example's, line by line. */
class ReadmeTest {

    private static final Path EXAMPLES = Path.of("src", "main", "java", "io", "ringbus", "examples");

    @ParameterizedTest
    @CsvSource({"../README.md, QuickStart.java", "../engine/README.md, DomainPort.java"})
    void shouldShowTheExampleAsItCompiles(Path page, String example) throws IOException {
        String readme = Files.readString(page);
        int begin = readme.indexOf("```java") + "```java".length();
        List<String> shown = code(readme.substring(begin, readme.indexOf("```", begin)));

        assertThat(shown).hasSizeGreaterThan(10);
        assertThat(code(Files.readString(EXAMPLES.resolve(example)))).containsSubsequence(shown);
    }

    private static List<String> code(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }
}
