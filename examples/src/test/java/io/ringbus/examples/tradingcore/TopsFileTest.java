package io.ringbus.examples.tradingcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopsFileTest {

    @TempDir
    private Path directory;

    @Test
    void shouldWriteARowForEachMessageThatChangedTheTopAndForNoOther() throws IOException {
        Path file = directory.resolve("tops.csv");
        write(file,
                "1.10,1,1,10,500,1",
                "2,1,2,10,400,1",
                "3.5,1,3,7,600,-1",
                "4,4,1,4,500,1",
                "5,5,0,4,500,1",
                "6,3,1,6,500,1",
                "7,3,3,7,600,-1",
                "8,3,2,10,400,1");

        assertThat(file).hasContent("""
                1,1.10,0,0,500,10
                3,3.5,600,7,500,10
                4,4,600,7,500,6
                6,6,600,7,400,10
                7,7,0,0,400,10
                8,8,0,0,0,0
                """);
    }

    @Test
    void shouldBeginAnewOverAnOlderFile() throws IOException {
        Path file = directory.resolve("tops.csv");
        Files.writeString(file, "something much longer than what comes now\n");
        write(file, "1,1,1,10,500,1");

        assertThat(file).hasContent("1,1,0,0,500,10\n");
    }

    @Test
    void shouldLeaveAnOlderFileAloneUntilTheFirstMessage() throws IOException {
        Path file = directory.resolve("tops.csv");
        Files.writeString(file, "1,1,0,0,500,10\n");
        new TopsFile(file).close();

        assertThat(file).hasContent("1,1,0,0,500,10\n");
    }

    @Test
    void shouldRefuseAFileThatCannotBeWritten() {
        Path file = directory.resolve("missing").resolve("tops.csv");

        assertThatThrownBy(() -> new TopsFile(file)).isInstanceOf(InputException.class)
                .hasMessageStartingWith("cannot write the tops file").hasMessageEndingWith("--tops=" + file);
    }

    private static void write(Path file, String... lines) throws IOException {
        OrderBook book = new OrderBook();
        TopChanged top = new TopChanged();
        try (TopsFile tops = new TopsFile(file)) {
            tops.begin();
            for (OrderMessage message : Messages.of(lines)) {
                book.apply(message);
                if (top.update(book)) {
                    tops.onTopChanged(message, top);
                }
            }
        }
    }
}
