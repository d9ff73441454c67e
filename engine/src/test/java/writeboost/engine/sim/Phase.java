package writeboost.engine.sim;

/** What may be going on at the instant of a cut. */
enum Phase {
    FORMAT("format"),
    REPLAY("replay"),
    SUPERBLOCK("superblock write"),
    CHECKPOINT("checkpoint write"),
    SEGMENT("segment write"),
    CACHE_SYNC("flush of the cache device"),
    BACKING_WRITE("write-back (write to the backing device)"),
    BACKING_SYNC("flush of the backing device"),
    SYNC("sync"),
    FLUSH("flush by the user"),
    DROP("drop"),
    STOP("clean stop"),
    REQUEST("client requests in flight");

    final String label;

    Phase(String label) {
        this.label = label;
    }
}
