package writeboost.app.control;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import writeboost.app.config.PairProfile;
import writeboost.engine.cache.EngineEvent;
import writeboost.engine.cache.PairSnapshot;
import writeboost.engine.cache.PairState;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.SegmentMap;
import writeboost.engine.cache.Settings;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.inspect.CacheSummary;
import writeboost.engine.inspect.RescueReport;

/** An engine without devices: remembers what it was asked, and does as the test says. */
public final class FakeEngine implements Engine {
    /** Contents by path; a path that is missing does not exist. */
    public final Map<String, DeviceContent> contents = new ConcurrentHashMap<>();
    /** What was asked, in order. */
    public final List<String> calls = java.util.Collections.synchronizedList(new ArrayList<>());
    /** Dirty blocks by the name of a pair. */
    public final Map<String, Long> dirty = new ConcurrentHashMap<>();
    /** Counted down when a flush has begun. */
    public final CountDownLatch flushBegan = new CountDownLatch(1);
    /** A flush goes on reporting progress until it is cancelled. */
    public volatile boolean flushNeverEnds;
    /** What resolving finds. */
    public volatile RescueReport report = new RescueReport(4096, 0, List.of(), List.of(), List.of());
    /** What opening fails with. */
    public volatile @Nullable IOException openFailure;
    /** The picture of the log of every pair. */
    public volatile SegmentMap map = new SegmentMap(1, new byte[2047], -1, -1, -1);
    /** Clients of every pair. */
    public volatile int clients = 1;
    /** The state of every pair; null if its dirty blocks decide. */
    public volatile @Nullable PairState state;
    /** Why it is in that state. */
    public volatile String reason = "";
    /** What every pair says is to be done about it. */
    public volatile String advice = "";
    /** Damaged blocks of every pair. */
    public volatile long damaged;
    /** What stopping fails with. */
    public volatile @Nullable IOException stopFailure;

    private final Map<String, EngineEvent.Listener> listeners = new ConcurrentHashMap<>();

    /** A device of 1 GiB that holds something, or zeros. */
    public void device(String path, @Nullable String found) {
        contents.put(path, new DeviceContent(path, true, 1L << 30, found));
    }

    /** Lets an open pair tell something. */
    public void tell(String name, String what) {
        EngineEvent.Listener listener = listeners.get(name);
        if (listener != null) {
            listener.onEvent(new EngineEvent(1_000, EngineEvent.Severity.WARNING, what));
        }
    }

    @Override
    public DeviceContent examine(String path) {
        return contents.getOrDefault(path, new DeviceContent(path, false, 0, null));
    }

    @Override
    public void format(PairProfile pair, long newCacheBytes, boolean overwrite, Progress progress) {
        calls.add("format " + pair.name() + " " + pair.backing() + " " + pair.cache() + " " + newCacheBytes + " "
                + overwrite);
        progress.update(1, 2);
        progress.update(2, 2);
        device(pair.cache(), "a Writeboost cache");
    }

    @Override
    public OpenPair open(PairProfile pair, EngineEvent.Listener listener, Progress progress) throws IOException {
        calls.add("open " + pair.name());
        IOException failure = openFailure;
        if (failure != null) {
            throw failure;
        }
        listeners.put(pair.name(), listener);
        progress.update(1, 1);
        return new FakePair(pair);
    }

    @Override
    public Optional<CacheSummary> summary(PairProfile pair) {
        return Optional.ofNullable(dirty.get(pair.name())).map(FakeEngine::summary);
    }

    @Override
    public Optional<RescueReport> resolve(PairProfile pair, Resolution resolution, Progress progress) {
        calls.add("resolve " + pair.name() + " " + resolution.kind() + " " + resolution.folder());
        progress.update(1, 1);
        return resolution.kind() == Resolution.Kind.DISCARD ? Optional.empty() : Optional.of(report);
    }

    /** A cache with so many dirty blocks. */
    public static CacheSummary summary(long dirtyBlocks) {
        return new CacheSummary(
                "/dev/cache",
                false,
                new UUID(0, 1),
                new UUID(0, 2),
                0,
                1L << 30,
                "ssd",
                "S1",
                8L << 30,
                "disk",
                "D1",
                128,
                2047,
                259_969,
                List.of(),
                null,
                List.of(),
                95,
                90,
                80,
                96,
                48,
                17,
                5000,
                dirtyBlocks,
                5000 - dirtyBlocks,
                0,
                20,
                0,
                0);
    }

    private final class FakePair implements OpenPair {
        private final PairProfile profile;
        private volatile Settings settings;
        private volatile long snapshots;

        FakePair(PairProfile profile) {
            this.profile = profile;
            this.settings = profile.settings();
        }

        @Override
        public synchronized PairSnapshot snapshot() {
            long blocks = dirty.getOrDefault(profile.name(), 0L);
            PairState fault = state;
            return new PairSnapshot(
                    ++snapshots,
                    fault != null ? fault : blocks == 0 ? PairState.CLEAN : PairState.DIRTY,
                    reason,
                    advice,
                    8L << 30,
                    2047,
                    2000,
                    259_969,
                    48,
                    96,
                    95,
                    90,
                    80,
                    5000,
                    blocks,
                    0,
                    blocks == 0 ? 0 : 240,
                    1,
                    64,
                    0,
                    damaged,
                    new PairSnapshot.Statistics(93, 7, 1, 3, 12, 4096, 8192, 2, 512, 8256, 1024, 2048, 2048, 4, 2, 0),
                    new PairSnapshot.Migration(blocks > 0, blocks > 0 ? "normal" : "none", 10, 100, -1, 4096),
                    settings);
        }

        @Override
        public SegmentMap segmentMap() {
            return map;
        }

        @Override
        public long cacheBytes() {
            return 1L << 30;
        }

        @Override
        public List<String> serve(ServeOptions options) throws IOException {
            calls.add("serve " + profile.name() + " " + options);
            if ("/taken".equals(options.socket())) {
                throw new EngineException(ErrorCode.IN_USE, "/taken is in use");
            }
            List<String> uris = new ArrayList<>();
            uris.add("nbd+unix:///" + profile.name() + "?socket="
                    + (options.socket() == null ? "/run/test.sock" : options.socket()));
            if (options.tcp() != null) {
                uris.add("nbd://" + options.tcp() + "/" + profile.name());
            }
            return uris;
        }

        @Override
        public int clients() {
            return clients;
        }

        @Override
        public void sync() {
            calls.add("sync " + profile.name());
        }

        @Override
        public void flush(Progress progress) throws IOException {
            calls.add("flush " + profile.name());
            flushBegan.countDown();
            long done = 0;
            do {
                if (!progress.update(done++, 1000)) {
                    calls.add("cancelled " + profile.name());
                    throw new EngineException(ErrorCode.CANCELLED, "cancelled; nothing is lost");
                }
                pause();
            } while (flushNeverEnds);
            dirty.put(profile.name(), 0L);
        }

        @Override
        public void drop(Progress progress) throws IOException {
            calls.add("drop " + profile.name());
            progress.update(1, 1);
        }

        @Override
        public void settings(Settings changed) {
            calls.add("settings " + profile.name());
            settings = changed;
        }

        @Override
        public void stop() throws IOException {
            calls.add("stop " + profile.name());
            IOException failure = stopFailure;
            if (failure != null) {
                throw failure;
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A copy of what was asked so far. */
    public List<String> calls() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    static Map<String, String> noSettings() {
        return new LinkedHashMap<>();
    }
}
