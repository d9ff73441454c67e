package writeboost.app.control;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import writeboost.app.config.PairProfile;
import writeboost.app.config.Tunables;
import writeboost.engine.cache.EngineEvent;
import writeboost.engine.cache.PairSnapshot;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.SegmentMap;
import writeboost.engine.cache.Settings;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.error.Invariant;

/**
 * A pair that this process has opened, is opening or is closing: {@code OPENING -> OPEN -> STOPPING}. Keeps its latest
 * events. Any thread may call.
 */
final class ServedPair {
    /** Events kept; older ones are in the log. */
    static final int MAX_EVENTS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(ServedPair.class);

    private enum Phase {
        OPENING("is just being opened; try again in a moment"),
        OPEN("is open"),
        STOPPING("is just being stopped");

        private final String sentence;

        Phase(String sentence) {
            this.sentence = sentence;
        }
    }

    private final String name;
    private volatile Phase phase = Phase.OPENING; // changed under the lock of this
    private final Cancellation stopping = new Cancellation();
    private final Deque<PairEvent> events = new ArrayDeque<>(); // guarded by itself
    private long lastEvent; // guarded by events
    private volatile @Nullable Opened opened;

    /** What is known once it is open. */
    private record Opened(PairProfile profile, Engine.OpenPair pair, List<String> uris) {}

    ServedPair(String name) {
        this.name = name;
    }

    /** Receives what the engine tells. */
    void onEvent(EngineEvent event) {
        switch (event.severity()) {
            case INFO -> LOG.info("{}: {}", name, event.what());
            case WARNING -> LOG.warn("{}: {}", name, event.what());
            case ERROR -> LOG.error("{}: {}", name, event.what());
        }
        synchronized (events) {
            if (events.size() == MAX_EVENTS) {
                events.removeFirst();
            }
            events.addLast(new PairEvent(++lastEvent, event.wallTimeMs(), event.severity(), event.what()));
        }
    }

    List<PairEvent> events(long since) {
        synchronized (events) {
            return events.stream().filter(event -> event.number() > since).toList();
        }
    }

    void isOpen(PairProfile profile, Engine.OpenPair pair, List<String> uris) {
        opened = new Opened(profile, pair, List.copyOf(uris));
        Invariant.check(advance(Phase.OPENING, Phase.OPEN), "a pair is opened once");
    }

    List<String> uris() throws EngineException {
        return require().uris;
    }

    PairStatus status() throws EngineException {
        Opened now = require();
        return status(now.profile, now.pair.snapshot(), now.pair, now.uris);
    }

    SegmentMap segmentMap() throws EngineException {
        return require().pair.segmentMap();
    }

    void sync() throws IOException {
        require().pair.sync();
    }

    void flush(Progress progress) throws IOException {
        require().pair.flush(stopping.over(progress));
    }

    void drop(Progress progress) throws IOException {
        require().pair.drop(stopping.over(progress));
    }

    void settings(Settings settings) throws EngineException {
        Opened now = require();
        now.pair.settings(settings);
        opened = new Opened(now.profile.withSettings(settings), now.pair, now.uris);
    }

    /** Settings as they are now. */
    Settings settings() throws EngineException {
        return require().profile.settings();
    }

    /**
     * Stops it, cancelling what runs.
     *
     * @throws EngineException STATE if it is not open
     */
    void stop() throws IOException {
        Opened now = require();
        if (!advance(Phase.OPEN, Phase.STOPPING)) {
            throw notOpen();
        }
        stopping.request();
        now.pair.stop();
    }

    private synchronized boolean advance(Phase from, Phase to) {
        if (phase != from) {
            return false;
        }
        phase = to;
        return true;
    }

    private Opened require() throws EngineException {
        Opened now = opened;
        if (now == null || phase != Phase.OPEN) {
            throw notOpen();
        }
        return now;
    }

    private EngineException notOpen() {
        return new EngineException(ErrorCode.STATE, name + " " + phase.sentence);
    }

    private static PairStatus status(PairProfile profile, PairSnapshot now, Engine.OpenPair pair, List<String> uris) {
        PairSnapshot.Statistics statistics = now.statistics();
        return new PairStatus(
                now.snapshotId(),
                profile.name(),
                now.state(),
                now.reason(),
                now.advice(),
                StateSentences.of(now),
                PairStatus.WRITEBACK_MODE,
                profile.name(),
                uris,
                new PairStatus.Backing(profile.backing(), now.sizeBytes()),
                new PairStatus.Cache(
                        profile.cache(), pair.cacheBytes(), now.segments(), now.freeSegments(), now.capacityBlocks()),
                now.headId(),
                now.headSeq(),
                now.durableSeq(),
                now.tailSeq(),
                now.oldestSeq(),
                now.cachedBlocks(),
                now.dirtyBlocks(),
                now.dirtyRanges(),
                now.dirtyRatio(),
                now.oldestDirtyAgeSeconds(),
                statistics.readHits(),
                statistics.readMisses(),
                statistics.writeHits(),
                statistics.writeMisses(),
                statistics.stagedBlocks(),
                statistics.userBytesRead(),
                statistics.userBytesWritten(),
                statistics.flushes(),
                statistics.cacheBytesRead(),
                statistics.cacheBytesWritten(),
                statistics.backingBytesRead(),
                statistics.backingBytesWritten(),
                statistics.backingBytesWrittenByMigration(),
                statistics.backingWrites(),
                statistics.chunksWritten(),
                now.ramBuffers(),
                now.ramBuffersTotal(),
                now.parkedWrites(),
                now.damagedBlocks(),
                PairStatus.Migration.of(now.migration()),
                pair.clients(),
                statistics.errors(),
                Tunables.toMap(now.settings()));
    }
}
