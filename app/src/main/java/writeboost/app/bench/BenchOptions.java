package writeboost.app.bench;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the user wants.
 *
 * @param peers whether other servers are measured too
 * @param rounds how often each takes its turn, after the warm-up
 * @param seconds how long a turn takes, about
 * @param diskBytes size of the disks that are served
 * @param folder where the files of disks and caches are to lie; null for the temp folder
 */
public record BenchOptions(
        boolean peers,
        int rounds,
        int seconds,
        long diskBytes,
        @Nullable Path folder) {
    /** With one round there is no spread, but it is seen that everything works. */
    public static final int MIN_ROUNDS = 1;
    /** Beyond that the machine changes more than the figures do. */
    public static final int MAX_ROUNDS = 101;
    /** A turn is to be longer than starting the client. */
    public static final int MIN_SECONDS = 1;
    /** Longer turns say no more. */
    public static final int MAX_SECONDS = 600;
    /** The smallest cache of a row is a sixteenth of it, and a cache needs some 17 MiB. */
    public static final long MIN_DISK_BYTES = 512L << 20;
    /** A typing error, surely. */
    public static final long MAX_DISK_BYTES = 1L << 40;
}
