package io.ringbus.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

class MainTest {

    private static final Pattern SCRIPT = Pattern.compile("(<script[^>]*>)(.*?)(</script>)", Pattern.DOTALL);

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void shouldWriteAWellFormedPageThatFetchesNothing() throws Exception {
        record();

        assertThat(run(directory.toString())).isZero();

        assertThat(text(err)).isEmpty();
        Path page = directory.resolve("report.html");
        assertThat(text(out).trim()).isEqualTo(page.toAbsolutePath().toString());
        Document document = withoutScripts(Files.readString(page));
        for (String element : new String[] {"link", "img", "iframe", "object", "embed"}) {
            assertThat(document.getElementsByTagName(element).getLength()).as(element).isZero();
        }
        NodeList scripts = document.getElementsByTagName("script");
        assertThat(scripts.getLength()).isEqualTo(3);
        for (int i = 0; i < scripts.getLength(); i++) {
            assertThat(scripts.item(i).getAttributes().getNamedItem("src")).isNull();
        }
        assertThat(Files.readString(page)).doesNotContain("sourceMappingURL", "@import", "url(");
        assertThat(document.getElementsByTagName("canvas").getLength()).isEqualTo(3);
    }

    @Test
    void shouldShowValuesAndMarks() throws IOException {
        record();

        run(directory.toString());

        String page = Files.readString(directory.resolve("report.html"));
        assertThat(page)
                .contains("<td class=\"number\">3.00</td><td>3 pairs, 2.00 to 4.00</td><td class=\"MET\">met</td>")
                .contains("<td class=\"MISSING\">missing</td>")
                .contains("<li>DispatchBenchmark</li>")
                .contains("<li>JournaledPipelineBenchmark.sqlite</li>")
                .contains("latency, ringbus-NONE-100000, round 1, failed: exit code 1")
                .contains("<tr class=\"invalid\"><td>ringbusFused, journal NONE</td>")
                .contains("ringbusFused (missed its rate)")
                .contains("Leaves out:");
        assertThat(page.substring(0, page.indexOf("<script"))).as("a name from a file stays text")
                .doesNotContain("<b>").contains("payload&#x3D;&lt;b&gt;");
    }

    @Test
    void shouldShowAPageEvenOfNothing() throws IOException {
        assertThat(run(directory.toString())).isZero();

        assertThat(Files.readString(directory.resolve("report.html"))).contains("<li>JournaledPipelineBenchmark</li>")
                .contains("nothing was noted when this was measured");
    }

    @Test
    void shouldNotMixTwoJdks() throws IOException {
        new Recorded("17.0.15").with("ReplayBenchmark.ringbus", Map.of(), 1).write(directory, "a.json");
        new Recorded("25.0.3").with("ReplayBenchmark.ringbus", Map.of(), 1).write(directory, "b.json");

        assertThat(run(directory.toString())).isEqualTo(1);
        assertThat(text(err)).contains("17.0.15").contains("25.0.3");
    }

    @Test
    void shouldNameAFileThatIsNotOfJmh() throws IOException {
        Files.writeString(directory.resolve("other.json"), "{\"benchmarks\": 3}");

        assertThat(run(directory.toString())).isEqualTo(1);
        assertThat(text(err)).contains("other.json");
    }

    @Test
    void shouldNameADirectoryThatIsNotThere() {
        assertThat(run(directory.resolve("nowhere").toString())).isEqualTo(2);
        assertThat(text(err)).contains("nowhere");
    }

    private void record() throws IOException {
        new Recorded().with("JournaledPipelineBenchmark.ringbus", Map.of("payload", "64"), 10, 8, 12)
                .with("JournaledPipelineBenchmark.handWritten", Map.of("payload", "64"), 5, 2, 4)
                .with("JournaledPipelineBenchmark.handWritten", Map.of("payload", "<b></script>"), 5, 2, 4)
                .with("ScalingBenchmark.publishers", Map.of("publishers", "1"), 5)
                .with("ScalingBenchmark.publishers", Map.of("publishers", "4"), 6)
                .write(directory, "jmh-1.json");
        RecordedLatency latency = new RecordedLatency(directory);
        latency.invalid("ringbusFused", 100_000, 1, 5_000_000);
        latency.valid("handWrittenFused", 100_000, 1, 1_000, 2_000, 3_000);
        latency.failed("ringbus", 100_000, 1);
    }

    /** The page as XML, which it is but for what stands in scripts. */
    private static Document withoutScripts(String page)
            throws ParserConfigurationException, IOException, SAXException {
        String markup = SCRIPT.matcher(page).replaceAll("$1$3").replace("<!DOCTYPE html>", "");
        return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(markup.getBytes(StandardCharsets.UTF_8)));
    }

    private int run(String... args) {
        return Main.run(args, new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
