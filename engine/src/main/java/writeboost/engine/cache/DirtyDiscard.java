package writeboost.engine.cache;

import java.io.IOException;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.log.Log;
import writeboost.engine.log.LogListener;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/** Gives up what waits on a cache whose disk was changed without it. Ask the user before. */
public final class DirtyDiscard {
    private DirtyDiscard() {}

    /**
     * Makes a cache forget all that it holds, what is dirty too; the disk keeps what is on it now. In effect when it returns;
     * interrupted before, nothing has changed. The devices stay the caller's.
     *
     * @throws writeboost.engine.error.EngineException STATE if the disk was not changed without its cache: there is nothing to
     *     decide then, and nothing is changed; otherwise as {@link CachedDisk#open}
     */
    public static void discard(BlockDevice cache, BlockDevice backing, Tasks tasks, Progress progress)
            throws IOException {
        open(cache, backing, tasks, progress, PairOpener::discard);
    }

    /**
     * Whether there is something to decide; changes nothing.
     *
     * @throws writeboost.engine.error.EngineException as {@link #discard}
     */
    public static void requireChanged(BlockDevice cache, BlockDevice backing, Tasks tasks, Progress progress)
            throws IOException {
        open(cache, backing, tasks, progress, PairOpener::requireChanged);
    }

    /** What to do with what was read. */
    @FunctionalInterface
    private interface Step {
        void of(PairOpener opener, CacheState state) throws IOException;
    }

    private static void open(BlockDevice cache, BlockDevice backing, Tasks tasks, Progress progress, Step then)
            throws IOException {
        PairOpener opener = new PairOpener(cache, backing);
        Monitor lock = tasks.newMonitor("discarded cache");
        Log log = opener.read(progress, tasks, lock, LogListener.NONE);
        then.of(opener, opener.newState(lock, log));
    }
}
