package io.ringbus.examples.tradingcore;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reads order messages from CSV, one a line. One thread. */
final class OrderMessageReader implements Closeable {

    private final String name;
    private final CsvReader<OrderMessageParser> reader;
    private final CloseableIterator<OrderMessageParser> lines;
    private long line;

    /**
     * Begins with the first line.
     *
     * @param name  of the input, for messages
     * @param input the lines in UTF-8; closed with this reader
     */
    OrderMessageReader(String name, InputStream input) {
        this.name = name;
        // Lines that CSV lets pass are left to the parser: it knows what is wrong with them.
        this.reader = CsvReader.builder()
                .skipEmptyLines(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .build(new OrderMessageParser(), input, StandardCharsets.UTF_8);
        this.lines = reader.iterator();
    }

    /**
     * The next message.
     *
     * @return the message, or null at the end of the input
     * @throws MalformedLineException when the next line is no message
     * @throws InputException         when the input cannot be read
     */
    OrderMessage next() {
        try {
            if (!lines.hasNext()) {
                return null;
            }
            OrderMessageParser parsed = lines.next();
            line = parsed.line();
            if (parsed.defect() != null) {
                throw new MalformedLineException(name, line, parsed.defect());
            }
            return parsed.message();
        } catch (CsvParseException e) {
            throw new MalformedLineException(name, line + 1, "this is no CSV (" + e.getMessage() + "); expected "
                    + OrderMessageParser.SIX_COLUMNS);
        } catch (UncheckedIOException e) {
            throw new InputException("cannot read the input " + name + " after line " + line + ": "
                    + e.getCause().getMessage(), e);
        }
    }

    /**
     * The line read last.
     *
     * @return its number; 0 before the first
     */
    long line() {
        return line;
    }

    String name() {
        return name;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
