package writeboost.app.control;

import java.io.IOException;
import writeboost.engine.cache.Progress;
import writeboost.engine.inspect.RescueReport;

/** Rescues data from cache devices by their path, whether or not a pair leads to them. */
public final class Rescues {
    private Rescues() {}

    /**
     * Writes all intact data that waits on a cache to its disk. The cache is not changed: this can be interrupted and
     * repeated.
     *
     * @param dryRun only looks, and writes nothing at all
     * @throws writeboost.engine.error.EngineException IN_USE if one of the two is in use; FOREIGN if the disk is another than
     *     that of the cache; NOT_A_CACHE, DAMAGED if there is no usable superblock; CANCELLED
     */
    public static RescueReport rescue(String cachePath, String backingPath, boolean dryRun, Progress progress)
            throws IOException {
        return new Resolver(DeviceAccess.ofItsOwn()).rescue(cachePath, backingPath, dryRun, progress);
    }
}
