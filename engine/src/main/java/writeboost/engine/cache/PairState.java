package writeboost.engine.cache;

/** What a pair is doing, as the user is told. */
public enum PairState {
    /** Not serving. */
    STOPPED,
    /** Serving; everything is on the backing device. */
    CLEAN,
    /** Serving; some data is only on the cache device, or in RAM. */
    DIRTY,
    /** Reads only: the cache device refuses writes. */
    DEGRADED,
    /** Nothing new is taken: going on could lose or corrupt data, or the disk is missing. */
    HALTED
}
