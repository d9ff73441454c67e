package writeboost.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** What the kernel keeps of files in memory. */
final class PageCache {
    private static final Path DROP = Path.of("/proc/sys/vm/drop_caches");

    private PageCache() {}

    /** Why it cannot be dropped; empty if it can. */
    static Optional<String> cannotBeDropped() {
        return isRoot()
                ? Optional.empty()
                : Optional.of("the page cache must be dropped before each turn, which only root may: run it with sudo");
    }

    /** Whether this process may do what only root may. */
    static boolean isRoot() {
        return Files.isWritable(DROP);
    }

    /** Forgets all that can be read again from a disk. What is not yet on the disk stays; callers have synced. */
    static void drop() throws IOException {
        Files.writeString(DROP, "3\n", StandardOpenOption.WRITE);
    }
}
