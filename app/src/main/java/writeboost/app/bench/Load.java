package writeboost.app.bench;

/**
 * Work for a server, the same for all that are compared. Immutable; made from one of the static methods and changed by
 * the others.
 *
 * @param kind what is done
 * @param blockBytes size of a request
 * @param depth requests in flight of each client
 * @param clients connections, each from a thread of its own
 * @param regionBytes the part of the disk, from its beginning, that is touched
 * @param maxBytes ends it when so much is read or written; 0 for no such limit
 * @param seconds ends it after so long; 0 for no such limit
 * @param flush when the client flushes
 * @param zipf above 0: places are not even, but of a zipf distribution with this exponent
 * @param eachOnce random places, each of them once; else with repetitions
 * @param seed of the places
 */
record Load(
        Kind kind,
        int blockBytes,
        int depth,
        int clients,
        long regionBytes,
        long maxBytes,
        int seconds,
        Flush flush,
        double zipf,
        boolean eachOnce,
        long seed) {

    /** What is done. */
    enum Kind {
        RANDOM_READ,
        RANDOM_WRITE,
        SEQUENTIAL_READ,
        SEQUENTIAL_WRITE;

        boolean isRandom() {
            return this == RANDOM_READ || this == RANDOM_WRITE;
        }

        boolean isRead() {
            return this == RANDOM_READ || this == SEQUENTIAL_READ;
        }
    }

    /** When the client flushes. */
    enum Flush {
        NEVER,
        /** Once, after all else; its time counts. */
        AT_END,
        /** After every write, before the next. */
        AFTER_EACH
    }

    static final int BLOCK_BYTES = 4096;
    static final int LARGE_BYTES = 1 << 20;
    /** As a file system or database under load has. */
    static final int DEPTH = 32;
    /** Enough to keep a disk streaming. */
    static final int LARGE_DEPTH = 4;

    private static final long SEED = 20_260_101;

    /** Writes of 4 KiB at random places of the first so many bytes. */
    static Load randomWrites(long regionBytes) {
        return new Load(Kind.RANDOM_WRITE, BLOCK_BYTES, DEPTH, 1, regionBytes, 0, 0, Flush.NEVER, 0, false, SEED);
    }

    /** Reads of 4 KiB at random places of the first so many bytes. */
    static Load randomReads(long regionBytes) {
        return new Load(Kind.RANDOM_READ, BLOCK_BYTES, DEPTH, 1, regionBytes, 0, 0, Flush.NEVER, 0, false, SEED);
    }

    /** Reads the first so many bytes once, in pieces of 1 MiB. */
    static Load sequentialReads(long regionBytes) {
        return new Load(
                Kind.SEQUENTIAL_READ,
                LARGE_BYTES,
                LARGE_DEPTH,
                1,
                regionBytes,
                regionBytes,
                0,
                Flush.NEVER,
                0,
                false,
                SEED);
    }

    /** Writes the first so many bytes once, in pieces of 1 MiB, and flushes. */
    static Load sequentialWrites(long regionBytes) {
        return new Load(
                Kind.SEQUENTIAL_WRITE,
                LARGE_BYTES,
                LARGE_DEPTH,
                1,
                regionBytes,
                regionBytes,
                0,
                Flush.AT_END,
                0,
                false,
                SEED);
    }

    Load depth(int requests) {
        return new Load(
                kind, blockBytes, requests, clients, regionBytes, maxBytes, seconds, flush, zipf, eachOnce, seed);
    }

    Load clients(int many) {
        return new Load(kind, blockBytes, depth, many, regionBytes, maxBytes, seconds, flush, zipf, eachOnce, seed);
    }

    Load atMostBytes(long bytes) {
        return new Load(kind, blockBytes, depth, clients, regionBytes, bytes, seconds, flush, zipf, eachOnce, seed);
    }

    Load forSeconds(int most) {
        return new Load(kind, blockBytes, depth, clients, regionBytes, maxBytes, most, flush, zipf, eachOnce, seed);
    }

    Load flushing(Flush when) {
        return new Load(kind, blockBytes, depth, clients, regionBytes, maxBytes, seconds, when, zipf, eachOnce, seed);
    }

    Load zipf(double exponent) {
        return new Load(kind, blockBytes, depth, clients, regionBytes, maxBytes, seconds, flush, exponent, false, seed);
    }

    /** Every place once, in random order. */
    Load onceEach() {
        return new Load(kind, blockBytes, depth, clients, regionBytes, regionBytes, seconds, flush, zipf, true, seed);
    }

    /** The same with other places. */
    Load seed(long other) {
        return new Load(kind, blockBytes, depth, clients, regionBytes, maxBytes, seconds, flush, zipf, eachOnce, other);
    }
}
