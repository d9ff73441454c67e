package writeboost.engine.sim;

import writeboost.engine.disk.DiskRequest;

/**
 * What clients do in one incarnation. Every incarnation has its own mix.
 *
 * @param clients number of clients
 * @param depth requests that a client has in flight at the most
 * @param requests per client
 * @param hotBlocks the blocks that most requests touch, from the beginning of the disk
 * @param read how many reads to 8 writes; likewise {@code flush}, {@code trim}, {@code zero}, {@code prefetch}
 * @param fua share of writes with FUA
 * @param bytewise share of writes and reads that begin and end anywhere
 * @param maxBlocks the longest usual request
 * @param huge share of requests that are as long as a fourth of the disk
 * @param rest share of requests after which the client rests
 * @param restNs how long at the most
 * @param admin whether somebody syncs, flushes, drops and changes settings meanwhile
 */
record Mix(
        int clients,
        int depth,
        int requests,
        int hotBlocks,
        double read,
        double flush,
        double trim,
        double zero,
        double prefetch,
        double fua,
        double bytewise,
        int maxBlocks,
        double huge,
        double rest,
        long restNs,
        boolean admin) {
    private static final double WRITE = 8;

    /** Writes of odd lengths at odd offsets, many at once: each needs old content, and soon all wait for room. */
    static final Mix ODD_WRITES = new Mix(5, 8, 60, 64, 1, 0.2, 0, 0, 0, 0, 1, 2, 0, 0, 1, false);

    /** Writes, trims and zeroings of the same few blocks. */
    static final Mix RANGES = new Mix(4, 2, 60, 24, 3, 0.3, 4, 4, 0, 0.1, 0, 8, 0.05, 0.02, 1_000_000, true);

    /** Writes and zeroings all over the disk: what is hidden was written long ago, and is just being written back. */
    static final Mix WIDE_RANGES = new Mix(4, 2, 80, 200, 3, 0.3, 0.5, 3, 0, 0.02, 0, 8, 0, 0.02, 1_000_000, true);

    /** Small writes that are made durable one by one. */
    static final Mix COMMITS = new Mix(5, 2, 80, 32, 1, 4, 0, 0, 0, 0.4, 0.1, 1, 0, 0, 1, true);

    /** Ranges and single blocks that are made durable one by one: chunks without data, at every place of a segment. */
    static final Mix RANGE_COMMITS = new Mix(3, 1, 80, 32, 1, 8, 8, 4, 0, 0.1, 0, 2, 0, 0.05, 3_000_000_000L, false);

    /** Trims and zeroings of single blocks, more than may wait. */
    static final Mix RANGE_FLOOD = new Mix(4, 8, 150, 64, 1, 0.1, 40, 40, 0, 0, 0, 1, 0, 0, 1, false);

    /** So much is read and written that the log goes round while a call takes long. */
    static final Mix LAPS = new Mix(4, 4, 100, 150, 8, 0.5, 0, 0, 0, 0, 0, 8, 0, 0, 1, true);

    /** The next operation. */
    DiskRequest.Op op(SimRandom random) {
        return switch (random.weighted(WRITE, read, flush, trim, zero, prefetch)) {
            case 0 -> DiskRequest.Op.WRITE;
            case 1 -> DiskRequest.Op.READ;
            case 2 -> DiskRequest.Op.FLUSH;
            case 3 -> DiskRequest.Op.TRIM;
            case 4 -> DiskRequest.Op.ZERO;
            default -> DiskRequest.Op.PREFETCH;
        };
    }

    /** The same with fewer clients, requests, in flight, and perhaps nobody who syncs. */
    Mix limited(int newClients, int newRequests, int newDepth, boolean newAdmin) {
        return new Mix(
                newClients,
                newDepth,
                newRequests,
                hotBlocks,
                read,
                flush,
                trim,
                zero,
                prefetch,
                fua,
                bytewise,
                maxBlocks,
                huge,
                rest,
                restNs,
                newAdmin);
    }

    /** {@code admin}: whether somebody has to sync, flush or drop. */
    static Mix random(SimRandom random, int blocks, boolean admin) {
        return new Mix(
                random.between(1, 5),
                random.oneOf(1, 1, 2, 8),
                random.oneOf(10, 20, 40, 80),
                random.oneOf(4, 16, 64, blocks),
                random.oneOf(0, 3, 3, 12),
                random.oneOf(0, 0.5, 2),
                random.oneOf(0, 0, 0.5, 2),
                random.oneOf(0, 0, 0.5, 3),
                random.oneOf(0, 0, 0.2),
                random.oneOf(0, 0, 0.2),
                random.oneOf(0, 0.05, 0.3),
                random.oneOf(1, 2, 8, 24),
                random.oneOf(0, 0, 0.02),
                random.oneOf(0, 0.02, 0.2),
                random.oneOf(100_000, 10_000_000, 2_000_000_000),
                admin || random.chance(0.6));
    }
}
