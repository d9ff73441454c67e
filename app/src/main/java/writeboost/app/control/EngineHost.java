package writeboost.app.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import writeboost.app.config.PairProfile;
import writeboost.engine.cache.CachedDisk;
import writeboost.engine.cache.EngineEvent;
import writeboost.engine.cache.FormatOptions;
import writeboost.engine.cache.PairSnapshot;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.SegmentMap;
import writeboost.engine.cache.Settings;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.SuspendClock;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.inspect.CacheSummary;
import writeboost.engine.inspect.Inspection;
import writeboost.engine.inspect.RescueReport;
import writeboost.engine.log.Superblock;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/** The real engine, in this process: puts devices, cached disks and NBD servers together. */
final class EngineHost implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(EngineHost.class);

    private final Tasks tasks = new ThreadTasks(
            (thread, failure) -> LOG.error("the thread {} ended by an error of ours", thread.getName(), failure),
            SuspendClock::suspendedNs);
    private final DeviceAccess devices = new DeviceAccess(tasks);
    private final NbdPlaces places = new NbdPlaces(tasks);
    private final ControlSockets sockets;

    EngineHost(ControlSockets sockets) {
        this.sockets = sockets;
    }

    @Override
    public DeviceContent examine(String path) throws IOException {
        Path file = DeviceAccess.pathOf(path);
        if (!Files.exists(file)) {
            return new DeviceContent(path, false, 0, null);
        }
        try (BlockDevice device = devices.openToLook(file.toString())) {
            return new DeviceContent(path, true, device.sizeBytes(), DeviceLook.at(device));
        }
    }

    @Override
    public void format(PairProfile pair, long newCacheBytes, boolean overwrite, Progress progress) throws IOException {
        DeviceAccess.checkDistinct(pair.backing(), pair.cache());
        Path cacheFile = DeviceAccess.pathOf(pair.cache());
        boolean makesFile = newCacheBytes > 0 && !Files.exists(cacheFile);
        boolean formatted = false;
        try (BlockDevice backing = devices.openAlone(pair.backing(), 0, LOG::info);
                BlockDevice cache = devices.openAlone(pair.cache(), newCacheBytes, LOG::info)) {
            CachedDisk.format(cache, backing, FormatOptions.of(pair.uuid(), overwrite), tasks, progress);
            formatted = true;
        } finally {
            if (makesFile && !formatted) {
                Files.deleteIfExists(cacheFile);
            }
        }
    }

    @Override
    public OpenPair open(PairProfile pair, EngineEvent.Listener listener, Progress progress) throws IOException {
        DeviceAccess.Notes notes =
                note -> listener.onEvent(new EngineEvent(tasks.wallTimeMs(), EngineEvent.Severity.INFO, note));
        DeviceAccess.checkDistinct(pair.backing(), pair.cache());
        BlockDevice backing = devices.openReturning(pair.backing(), notes);
        BlockDevice cache = null;
        boolean opened = false;
        try {
            cache = devices.openAlone(pair.cache(), 0, notes);
            checkIsOfPair(pair, cache);
            CachedDisk disk = CachedDisk.open(cache, backing, pair.settings(), tasks, listener, progress);
            opened = true;
            return new HostedPair(pair.name(), disk, cache.sizeBytes());
        } finally {
            if (!opened) {
                Failures.closeQuietly(backing);
                if (cache != null) {
                    Failures.closeQuietly(cache);
                }
            }
        }
    }

    @Override
    public Optional<CacheSummary> summary(PairProfile pair) {
        try {
            String path = DeviceAccess.pathOf(pair.cache()).toString();
            return Optional.of(Inspections.inspect(path, Progress.NONE, Inspection::summary));
        } catch (IOException e) {
            LOG.info("the cache of {} cannot be looked at", pair.name(), e);
            return Optional.empty();
        }
    }

    @Override
    public Optional<RescueReport> resolve(PairProfile pair, Resolution resolution, Progress progress)
            throws IOException {
        return new Resolver(devices).resolve(pair, resolution, progress);
    }

    /** A device without a cache, served under a name. */
    BareServing serveBare(String name, String spec, long newBytes) throws IOException {
        sockets.prepare();
        BareDisk disk = new BareDisk(devices.openAlone(spec, newBytes, LOG::info), tasks);
        NbdPlaces.Attachment attachment;
        try {
            attachment = places.attach(name, disk, sockets.nbdSocket(name), null);
        } catch (IOException e) {
            Failures.closeQuietly(disk);
            throw e;
        }
        return new BareServing(attachment.uris().get(0), () -> {
            attachment.close();
            disk.close();
        });
    }

    /** A profile that leads to the cache of another pair must not serve that one's disk. */
    private static void checkIsOfPair(PairProfile pair, BlockDevice cache) throws IOException {
        Superblock superblock = Superblock.read(cache)
                .orElseThrow(() -> new EngineException(
                        ErrorCode.NOT_A_CACHE,
                        cache.name() + " holds no Writeboost cache, but the pair " + pair.name()
                                + " has its cache there. Nothing was changed. Check the path in the profile; was the"
                                + " device renamed or overwritten?"));
        if (!superblock.pairUuid().equals(pair.uuid())) {
            throw new EngineException(
                    ErrorCode.FOREIGN,
                    cache.name() + " holds the cache of another pair than " + pair.name()
                            + ". Nothing was changed. Check the path in the profile; was the device renamed, or used"
                            + " for a newer pair?");
        }
    }

    private final class HostedPair implements OpenPair {
        private final String name;
        private final CachedDisk disk;
        private final long cacheBytes;
        private volatile NbdPlaces.@Nullable Attachment attachment;

        HostedPair(String name, CachedDisk disk, long cacheBytes) {
            this.name = name;
            this.disk = disk;
            this.cacheBytes = cacheBytes;
        }

        @Override
        public PairSnapshot snapshot() {
            return disk.snapshot();
        }

        @Override
        public SegmentMap segmentMap() {
            return disk.segmentMap();
        }

        @Override
        public long cacheBytes() {
            return cacheBytes;
        }

        @Override
        public List<String> serve(ServeOptions options) throws IOException {
            Path socket = options.socket() == null ? sockets.nbdSocket(name) : Path.of(options.socket());
            NbdPlaces.Attachment attached = places.attach(name, disk, socket, options.tcp());
            attachment = attached;
            return attached.uris();
        }

        @Override
        public int clients() {
            NbdPlaces.Attachment attached = attachment;
            return attached == null ? 0 : attached.clients();
        }

        @Override
        public void sync() throws IOException {
            disk.sync();
        }

        @Override
        public void flush(Progress progress) throws IOException {
            disk.flush(progress);
        }

        @Override
        public void drop(Progress progress) throws IOException {
            disk.drop(progress);
        }

        @Override
        public void settings(Settings settings) {
            disk.settings(settings);
        }

        @Override
        public void stop() throws IOException {
            NbdPlaces.Attachment attached = attachment;
            if (attached != null) {
                attached.close();
            }
            disk.stop();
        }
    }
}
