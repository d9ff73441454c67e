package writeboost.engine.cache;

/**
 * What may be changed of a pair while it runs. Names and ranges are dm-writeboost's where it has them.
 *
 * @param writebackThreshold 0..100, percent: dirty blocks move to the backing device while clients keep it busy for less
 *     than this share of the time. 0 moves nothing but when room runs out or the user asks
 * @param nrMaxBatchedWriteback 1..32: the most segments that one batch of writeback takes
 * @param updateSbRecordInterval seconds, 0..3600: how often the tail is recorded on the cache device while nothing else
 *     records it; 0 only when something does
 * @param syncDataInterval seconds, 0..3600: acknowledged writes are made durable at least this often; 0 only when a
 *     client or the user asks
 * @param readCacheThreshold 0..127, blocks: reads are cached unless more than this many follow one another; 0 caches no
 *     reads
 */
public record Settings(
        int writebackThreshold,
        int nrMaxBatchedWriteback,
        int updateSbRecordInterval,
        int syncDataInterval,
        int readCacheThreshold) {

    /** What a new pair has. */
    public static final Settings DEFAULT = new Settings(70, 32, 60, 5, 32);

    /** Checks the ranges. */
    public Settings {
        inRange("writeback_threshold", writebackThreshold, 0, 100);
        inRange("nr_max_batched_writeback", nrMaxBatchedWriteback, 1, 32);
        inRange("update_sb_record_interval", updateSbRecordInterval, 0, 3600);
        inRange("sync_data_interval", syncDataInterval, 0, 3600);
        inRange("read_cache_threshold", readCacheThreshold, 0, 127);
    }

    private static void inRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", but must be from " + min + " to " + max + " (inclusive)");
        }
    }
}
