package writeboost.app.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import writeboost.app.config.PairProfile;
import writeboost.engine.cache.DirtyDiscard;
import writeboost.engine.cache.Progress;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.inspect.Rescue;
import writeboost.engine.inspect.RescueReport;
import writeboost.engine.inspect.WaitingData;
import writeboost.engine.inspect.WaitingToDevice;

/** Carries out what a person decided about data that waits on a cache, and rescues it from a damaged one. */
final class Resolver {
    private static final Logger LOG = LoggerFactory.getLogger(Resolver.class);

    private final DeviceAccess devices;

    Resolver(DeviceAccess devices) {
        this.devices = devices;
    }

    /** See {@link CacheService#resolve}. */
    Optional<RescueReport> resolve(PairProfile pair, Resolution resolution, Progress progress) throws IOException {
        if (resolution.kind() == Resolution.Kind.EXPORT) {
            return Optional.of(export(pair.cache(), Path.of(String.valueOf(resolution.folder())), progress));
        }
        Optional<RescueReport> report = Optional.empty();
        try (BlockDevice backing = devices.openAlone(pair.backing(), 0, LOG::info);
                BlockDevice cache = devices.openAlone(pair.cache(), 0, LOG::info)) {
            if (resolution.kind() == Resolution.Kind.FORCE) {
                DirtyDiscard.requireChanged(cache, backing, devices.tasks(), Progress.NONE);
                report = Optional.of(write(cache, backing, progress));
                if (!report.get().refused().isEmpty()) {
                    return report; // what the disk does not take is nowhere else
                }
            }
            DirtyDiscard.discard(cache, backing, devices.tasks(), Progress.NONE);
        }
        LOG.info("resolved {}: {}", pair.name(), resolution);
        return report;
    }

    /** See {@link Rescues#rescue}. */
    RescueReport rescue(String cachePath, String backingPath, boolean dryRun, Progress progress) throws IOException {
        DeviceAccess.checkDistinct(backingPath, cachePath);
        try (BlockDevice cache = devices.lookAlone(cachePath);
                BlockDevice backing =
                        dryRun ? devices.lookAlone(backingPath) : devices.openAlone(backingPath, 0, LOG::info)) {
            if (!dryRun) {
                return write(cache, backing, progress);
            }
            Rescue rescue = new Rescue(cache, Progress.NONE);
            rescue.check(backing);
            return rescue.run(WaitingData.NOWHERE, progress);
        }
    }

    private static RescueReport write(BlockDevice cache, BlockDevice backing, Progress progress) throws IOException {
        Rescue rescue = new Rescue(cache, Progress.NONE);
        rescue.check(backing);
        RescueReport report = rescue.run(new WaitingToDevice(backing), progress);
        backing.sync();
        return report;
    }

    private RescueReport export(String cachePath, Path folder, Progress progress) throws IOException {
        try (BlockDevice cache = devices.lookAlone(cachePath)) {
            Rescue rescue = new Rescue(cache, Progress.NONE);
            try (ExportFolder export = ExportFolder.make(folder, rescue.diskBytes())) {
                RescueReport report = rescue.run(export, progress);
                export.finish(report);
                return report;
            }
        }
    }
}
