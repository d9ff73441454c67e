package writeboost.app.control;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import writeboost.app.config.PairName;
import writeboost.app.config.PairProfile;
import writeboost.app.config.ProfileStore;
import writeboost.app.config.Tunables;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.SegmentMap;
import writeboost.engine.cache.Settings;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.inspect.CacheSummary;
import writeboost.engine.inspect.RescueReport;

/**
 * The service over the engine in this process.
 *
 * <p>Every pair that it opens has a control socket from before its devices are opened until after they are closed, so
 * that other processes reach it, and none opens the pair a second time. Its lock is held for looking up pairs only, never
 * while a device works.
 */
public final class LocalCacheService implements CacheService {
    private static final Logger LOG = LoggerFactory.getLogger(LocalCacheService.class);

    private final ProfileStore profiles;
    private final Engine engine;
    private final ControlSockets sockets;
    private final Object lock = new Object();
    private final Map<String, Entry> entries = new LinkedHashMap<>(); // guarded by lock
    private final List<ControlServer> retired =
            new ArrayList<>(); // guarded by lock; may still answer the one who stopped

    /** A pair and the socket on which others ask for it. */
    private record Entry(ServedPair pair, ControlServer control) {}

    LocalCacheService(ProfileStore profiles, Engine engine, ControlSockets sockets) {
        this.profiles = profiles;
        this.engine = engine;
        this.sockets = sockets;
    }

    @Override
    public List<PairSummary> list() throws IOException {
        List<PairSummary> all = new ArrayList<>();
        List<String> names = new ArrayList<>(profiles.names());
        synchronized (lock) {
            entries.keySet().stream().filter(name -> !names.contains(name)).forEach(names::add);
        }
        for (String name : names) {
            all.add(summary(name));
        }
        return all;
    }

    @Override
    public DeviceContent examine(String path) throws IOException {
        return engine.examine(path);
    }

    @Override
    public void create(NewPair pair, Progress progress) throws IOException {
        PairProfile profile = profile(pair);
        if (profiles.exists(pair.name())) {
            throw new EngineException(
                    ErrorCode.STATE,
                    "there is a pair \"" + pair.name() + "\" already; choose another name, or `writeboost remove "
                            + pair.name() + "` first");
        }
        DeviceContent content = engine.examine(pair.cache());
        if (content.found() != null && !pair.overwriteCache()) {
            throw new EngineException(
                    ErrorCode.STATE,
                    pair.cache() + " holds " + content.found()
                            + ", which would be lost; say --yes to overwrite exactly this device");
        }
        engine.format(profile, pair.cacheBytes(), pair.overwriteCache(), progress);
        profiles.save(profile);
        LOG.info("created {}: {} in front of {}", profile.name(), profile.cache(), profile.backing());
    }

    @Override
    public Served serve(String name, ServeOptions options, Progress progress) throws IOException {
        ServedPair pair = open(name, options, progress);
        return new Served(name, pair.uris(), pair.status().backing().bytes());
    }

    @Override
    public void stop(String name) throws IOException {
        Entry entry = entry(name);
        if (entry == null) {
            throw notServed(name);
        }
        close(name, entry);
    }

    @Override
    public boolean serves(String name) {
        return entry(name) != null;
    }

    @Override
    public PairStatus status(String name) throws IOException {
        Entry entry = entry(name);
        return entry != null ? entry.pair.status() : StoppedStatus.of(load(name), engine);
    }

    @Override
    public SegmentMap segmentMap(String name) throws IOException {
        return served(name).segmentMap();
    }

    @Override
    public void sync(String name) throws IOException {
        served(name).sync();
    }

    @Override
    public void flush(String name, Progress progress) throws IOException {
        whileOpen(name, pair -> pair.flush(progress));
    }

    @Override
    public void drop(String name, Progress progress) throws IOException {
        whileOpen(name, pair -> pair.drop(progress));
    }

    @Override
    public Map<String, Object> set(String name, Map<String, String> changes) throws IOException {
        Entry entry = entry(name);
        boolean hasProfile = profiles.exists(name);
        Settings before = entry != null ? entry.pair.settings() : load(name).settings();
        Settings after = change(before, changes);
        if (hasProfile) {
            profiles.save(load(name).withSettings(after));
        }
        if (entry != null) {
            entry.pair.settings(after);
        }
        LOG.info("set {}: {}", name, changes);
        return Tunables.toMap(after);
    }

    @Override
    public void remove(String name, boolean evenIfDirty) throws IOException {
        if (entry(name) != null) {
            throw isServed(name);
        }
        if (!evenIfDirty) {
            checkNothingWaits(name);
        }
        profiles.remove(name);
        LOG.info("removed {}", name);
    }

    @Override
    public Optional<RescueReport> resolve(String name, Resolution resolution, Progress progress) throws IOException {
        if (entry(name) != null) {
            throw isServed(name);
        }
        return engine.resolve(load(name), resolution, progress);
    }

    static EngineException isServed(String name) {
        return new EngineException(ErrorCode.STATE, name + " is being served; `writeboost stop " + name + "` first");
    }

    @Override
    public List<PairEvent> events(String name, long since) throws IOException {
        Entry entry = entry(name);
        if (entry == null) {
            load(name);
            return List.of();
        }
        return entry.pair.events(since);
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        Map<String, Entry> all;
        synchronized (lock) {
            all = new LinkedHashMap<>(entries);
        }
        for (Map.Entry<String, Entry> each : all.entrySet()) {
            try {
                close(each.getKey(), each.getValue());
            } catch (IOException e) {
                failure = Failures.add(failure, e);
            }
        }
        List<ControlServer> answering;
        synchronized (lock) {
            answering = List.copyOf(retired);
        }
        answering.forEach(ControlServer::drain);
        if (failure != null) {
            throw failure;
        }
    }

    /** Something that needs the pair open. */
    private interface Action {
        void on(ServedPair pair) throws IOException;
    }

    private void whileOpen(String name, Action action) throws IOException {
        Entry entry = entry(name);
        if (entry != null) {
            action.on(entry.pair);
            return;
        }
        ServedPair pair = open(name, null, Progress.NONE);
        try {
            action.on(pair);
        } finally {
            stop(name);
        }
    }

    /** Opens a pair, and serves it if there are options. */
    private ServedPair open(String name, @Nullable ServeOptions options, Progress progress) throws IOException {
        PairProfile profile = load(name);
        ServedPair pair = new ServedPair(name);
        synchronized (lock) {
            if (entries.containsKey(name)) {
                throw new EngineException(ErrorCode.STATE, name + " is being served already, by this process");
            }
            entries.put(name, new Entry(pair, openControl(name)));
        }
        boolean opened = false;
        try {
            Engine.OpenPair disk = engine.open(profile, pair::onEvent, progress);
            pair.isOpen(profile, disk, options == null ? List.of() : serve(disk, options));
            opened = true;
        } catch (EngineException e) {
            throw e.code() == ErrorCode.CHANGED ? toBeResolved(name, e) : e;
        } finally {
            if (!opened) {
                forget(name);
            }
        }
        return pair;
    }

    private static EngineException toBeResolved(String name, EngineException e) {
        return new EngineException(
                ErrorCode.CHANGED,
                e.getMessage() + " `writeboost resolve " + name + "` with --export DIR copies that data, with"
                        + " --discard gives it up, with --force writes it all the same.",
                e);
    }

    private ControlServer openControl(String name) throws IOException {
        try {
            return ControlServer.open(sockets, name, this);
        } catch (EngineException e) {
            if (e.code() == ErrorCode.IN_USE) {
                throw new EngineException(
                        ErrorCode.IN_USE, name + " is being served already, by another process of yours", e);
            }
            throw e;
        }
    }

    private static List<String> serve(Engine.OpenPair disk, ServeOptions options) throws IOException {
        try {
            return disk.serve(options);
        } catch (IOException e) {
            try {
                disk.stop();
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    private void close(String name, Entry entry) throws IOException {
        try {
            entry.pair.stop();
        } catch (EngineException e) {
            if (e.code() == ErrorCode.STATE) {
                throw e; // another thread opens or stops it, and sees it to its end
            }
            forget(name);
            throw e;
        } catch (IOException | RuntimeException e) {
            forget(name);
            throw e;
        }
        forget(name);
    }

    private void forget(String name) {
        Entry entry;
        synchronized (lock) {
            entry = entries.get(name);
        }
        if (entry == null) {
            return;
        }
        entry.control.close();
        synchronized (lock) {
            entries.remove(name);
            retired.removeIf(ControlServer::isIdle);
            retired.add(entry.control);
        }
    }

    private @Nullable Entry entry(String name) {
        synchronized (lock) {
            return entries.get(name);
        }
    }

    private PairSummary summary(String name) {
        boolean served = entry(name) != null;
        try {
            PairStatus status = status(name);
            return new PairSummary(
                    name, served, status.backing().path(), status.cache().path(), status.sentence());
        } catch (IOException e) {
            return new PairSummary(name, served, null, null, Failures.sentence(e));
        }
    }

    private void checkNothingWaits(String name) throws IOException {
        Optional<CacheSummary> looked = engine.summary(load(name));
        if (looked.isEmpty()) {
            throw new EngineException(
                    ErrorCode.STATE,
                    name + ": its cache device cannot be looked at, so data may wait there; attach it, or say --yes to"
                            + " remove the pair all the same");
        }
        if (looked.get().dirtyBlocks() > 0 || looked.get().dirtyRanges() > 0) {
            throw new EngineException(
                    ErrorCode.STATE,
                    name + ": " + StateSentences.stopped(looked) + " `writeboost flush " + name
                            + "` moves it to the disk first; --yes removes the pair all the same");
        }
    }

    private PairProfile load(String name) throws IOException {
        ProfileStore.Loaded loaded = profiles.load(name);
        loaded.warning().ifPresent(LOG::warn);
        return loaded.profile();
    }

    private static PairProfile profile(NewPair pair) throws EngineException {
        try {
            PairName.check(pair.name());
            return ProfileStore.newProfile(
                    pair.name(), pair.backing(), pair.cache(), Tunables.change(Settings.DEFAULT, pair.settings()));
        } catch (IllegalArgumentException e) {
            throw new EngineException(ErrorCode.USAGE, Failures.sentence(e), e);
        }
    }

    private static Settings change(Settings before, Map<String, String> changes) throws EngineException {
        try {
            return Tunables.change(before, changes);
        } catch (IllegalArgumentException e) {
            throw new EngineException(ErrorCode.USAGE, Failures.sentence(e), e);
        }
    }

    private ServedPair served(String name) throws IOException {
        Entry entry = entry(name);
        if (entry == null) {
            throw notServed(name);
        }
        return entry.pair;
    }

    private EngineException notServed(String name) throws IOException {
        load(name);
        return new EngineException(
                ErrorCode.STATE, name + " is not being served; `writeboost serve " + name + "` serves it");
    }
}
