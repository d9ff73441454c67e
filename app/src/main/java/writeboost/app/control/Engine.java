package writeboost.app.control;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import writeboost.app.config.PairProfile;
import writeboost.engine.cache.EngineEvent;
import writeboost.engine.cache.PairSnapshot;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.SegmentMap;
import writeboost.engine.cache.Settings;
import writeboost.engine.inspect.CacheSummary;
import writeboost.engine.inspect.RescueReport;

/**
 * What the in-process {@link CacheService} needs of the engine. {@link EngineHost} is the real one; tests put another
 * in its place.
 */
interface Engine {
    /** See {@link CacheService#examine}. */
    DeviceContent examine(String path) throws IOException;

    /**
     * Formats the cache device of a pair; makes the cache file first if {@code newCacheBytes} is not 0. A file that it
     * made goes again when formatting fails.
     *
     * @param overwrite whether a cache that is on the device may go
     */
    void format(PairProfile pair, long newCacheBytes, boolean overwrite, Progress progress) throws IOException;

    /** Opens a pair: replays its log. */
    OpenPair open(PairProfile pair, EngineEvent.Listener listener, Progress progress) throws IOException;

    /** What is on the cache device of a pair that is not open; empty if it cannot be looked at. */
    Optional<CacheSummary> summary(PairProfile pair);

    /** See {@link CacheService#resolve}. */
    Optional<RescueReport> resolve(PairProfile pair, Resolution resolution, Progress progress) throws IOException;

    /** A pair that is open. Any thread may call. */
    interface OpenPair {
        /** Its figures. */
        PairSnapshot snapshot();

        /** A picture of its log. */
        SegmentMap segmentMap();

        /** Size of the cache device in bytes. */
        long cacheBytes();

        /**
         * Offers the disk over NBD.
         *
         * @return the URIs
         */
        List<String> serve(ServeOptions options) throws IOException;

        /** Clients connected now. */
        int clients();

        /** See {@link CacheService#sync}. */
        void sync() throws IOException;

        /** See {@link CacheService#flush}. */
        void flush(Progress progress) throws IOException;

        /** See {@link CacheService#drop}. */
        void drop(Progress progress) throws IOException;

        /** Changes settings. */
        void settings(Settings settings);

        /** Ends serving, completes requests, syncs, closes the devices. Also if it fails, nothing stays open. */
        void stop() throws IOException;
    }
}
