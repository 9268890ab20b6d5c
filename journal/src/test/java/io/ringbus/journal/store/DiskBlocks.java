package io.ringbus.journal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.Assumptions.assumeThatCode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What files take on the disk, which Java does not say. On Linux. */
final class DiskBlocks {

    private static final long STAT_BLOCK_BYTES = 512;
    private static final int PROBE_BYTES = 1 << 20;

    private DiskBlocks() {
    }

    static long bytesOf(Path file) throws IOException, InterruptedException {
        Process stat = run("stat", "-c", "%b", file.toString());
        String blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        assertThat(stat.waitFor()).as(blocks).isZero();
        return Long.parseLong(blocks) * STAT_BLOCK_BYTES;
    }

    /** Some file systems have the call and do nothing, others do not have it; ext4, XFS, Btrfs and tmpfs do as they are told. */
    static void assumeTheyCanBeFoundAhead(Path directory) throws IOException, InterruptedException {
        Path probe = Files.createFile(directory.resolve("probe"));
        assumeThatCode(() -> run("fallocate", "-n", "-l", String.valueOf(PROBE_BYTES), probe.toString()).waitFor())
                .doesNotThrowAnyException();
        assumeThat(bytesOf(probe)).isGreaterThanOrEqualTo(PROBE_BYTES);
        Files.delete(probe);
    }

    private static Process run(String... command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
