package writeboost.app.control;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.SegmentMap;
import writeboost.engine.inspect.RescueReport;

/**
 * Everything that a person can do with pairs. The command line and the window speak this and nothing else, whether the
 * engine runs in their process or in another.
 *
 * <p>Any thread may call any method; calls may block for as long as the devices take. A {@link Progress} is called on
 * the calling thread; when it returns false, the operation ends with {@code CANCELLED} as soon as it safely can.
 *
 * <p>Every failure is a {@link writeboost.engine.error.EngineException} whose message is a sentence for the user, its
 * code among others: {@code USAGE} (a wrong argument), {@code NOT_FOUND} (no such pair, no such device), {@code STATE}
 * (the pair does not serve, or already does), {@code IN_USE} (another process has it).
 */
public interface CacheService extends Closeable {
    /** All pairs, by name. */
    List<PairSummary> list() throws IOException;

    /** Looks at what lies on a device or in a file, without changing it. */
    DeviceContent examine(String path) throws IOException;

    /**
     * Makes a pair: formats the cache device, then saves the profile. The backing device keeps its content.
     *
     * @throws writeboost.engine.error.EngineException STATE if the cache device is not empty and
     *     {@link NewPair#overwriteCache} is not set
     */
    void create(NewPair pair, Progress progress) throws IOException;

    /**
     * Opens a pair (which replays its log) and serves it over NBD until {@link #stop}.
     *
     * @return where it is served
     */
    Served serve(String name, ServeOptions options, Progress progress) throws IOException;

    /** Ends serving: requests are completed, everything acknowledged is made durable on the cache device. */
    void stop(String name) throws IOException;

    /** Whether a process serves, or has otherwise opened, a pair now. */
    boolean serves(String name);

    /** The figures of a pair; of one that does not serve, what is known of it. */
    PairStatus status(String name) throws IOException;

    /**
     * A picture of the log of a pair that is served, for somebody who looks on: made without holding up requests.
     *
     * @throws writeboost.engine.error.EngineException STATE if it is not served
     */
    SegmentMap segmentMap(String name) throws IOException;

    /** Makes everything acknowledged durable on the cache device. The pair must be served. */
    void sync(String name) throws IOException;

    /** Moves all that is dirty now to the backing device. A pair that does not serve is opened for it. */
    void flush(String name, Progress progress) throws IOException;

    /** Flushes, then forgets every cached block. A pair that does not serve is opened for it. */
    void drop(String name, Progress progress) throws IOException;

    /**
     * Changes settings, now and for later runs.
     *
     * @param changes values by name, as typed
     * @return all settings after the change
     */
    Map<String, Object> set(String name, Map<String, String> changes) throws IOException;

    /**
     * Forgets a pair that does not serve: removes its profile. Its devices keep what is on them.
     *
     * @param evenIfDirty also when data waits on the cache device that is not on the backing device
     */
    void remove(String name, boolean evenIfDirty) throws IOException;

    /**
     * Carries out what a person decided about the data that waits on the cache of a pair that was refused because its disk was
     * changed without it (code {@code CHANGED}). The pair must not be served.
     *
     * @return what of that data was written or copied, and what is not intact; empty if it was given up
     * @throws writeboost.engine.error.EngineException STATE if the pair is served, or if the disk is as the cache left it
     */
    Optional<RescueReport> resolve(String name, Resolution resolution, Progress progress) throws IOException;

    /**
     * What happened to a pair since it was opened.
     *
     * @param since only events with a higher number; 0 for all that are kept
     * @return in order, the newest {@value ServedPair#MAX_EVENTS} at the most; empty if it does not serve
     */
    List<PairEvent> events(String name, long since) throws IOException;

    /** Ends the use of the service; the in-process one stops all pairs that it serves. */
    @Override
    void close() throws IOException;
}
