package io.ringbus.journal.store;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Properties;
import java.util.zip.CRC32C;

/** A small text file of keys and values that is there in full or not at all; its last line is a checksum. */
final class PropertiesFile {

    private static final String CHECKSUM = "crc32c=";

    private PropertiesFile() {
    }

    static Properties read(Path path) throws IOException {
        Properties properties = new Properties();
        try (Reader text = new StringReader(Files.readString(path, StandardCharsets.ISO_8859_1))) {
            properties.load(text);
        } catch (IllegalArgumentException e) {
            throw new IOException("not a file of keys and values: file=" + path, e);
        }
        return properties;
    }

    /** Whether the file is as it was written. */
    static boolean isIntact(Path path) throws IOException {
        String text = Files.readString(path, StandardCharsets.ISO_8859_1);
        int at = text.lastIndexOf(CHECKSUM);
        return at >= 0 && text.equals(text.substring(0, at) + checksumLine(text.substring(0, at)));
    }

    /** Writes beside the file, forces it when so asked, and renames. */
    static void write(Path path, Map<String, ?> entries, boolean forced) throws IOException {
        StringBuilder text = new StringBuilder();
        entries.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        text.append(checksumLine(text.toString()));
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        try (FileChannel file = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.ISO_8859_1)));
            if (forced) {
                file.force(true);
            }
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        if (forced) {
            FileForce.forceDirectory(path.getParent());
        }
    }

    private static String checksumLine(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
        return CHECKSUM + Long.toHexString(crc.getValue()) + "\n";
    }
}
