package writeboost.engine.cache;

import static writeboost.engine.log.Geometry.SECTOR_BYTES;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.Geometry;
import writeboost.engine.log.Log;
import writeboost.engine.log.LogListener;
import writeboost.engine.log.Replay;
import writeboost.engine.log.Superblock;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/** Opens the log of a pair: is it ours, is the disk the one it belongs to, was that changed elsewhere; then replay. */
final class PairOpener {
    private final BlockDevice cache;
    private final BlockDevice backing;
    private final Superblock superblock;
    private final Replay replay;
    private final List<String> findings = new ArrayList<>();
    private boolean forget;

    /**
     * Checks that the two belong together.
     *
     * @throws EngineException NOT_A_CACHE, DAMAGED, SIZE or FOREIGN
     */
    PairOpener(BlockDevice cache, BlockDevice backing) throws IOException {
        this.cache = cache;
        this.backing = backing;
        superblock = Superblock.read(cache)
                .orElseThrow(() -> new EngineException(
                        ErrorCode.NOT_A_CACHE,
                        cache.name() + " holds no Writeboost cache. Nothing was changed. Is it the right device?"));
        BackingCheck.check(cache, superblock, backing);
        replay = new Replay(cache, superblock);
    }

    Superblock superblock() {
        return superblock;
    }

    /** What the user should know of what was found; sentences. */
    List<String> findings() {
        return findings;
    }

    /** Reads the log. Writes nothing. */
    Log read(Progress progress, Tasks tasks, Monitor lock, LogListener listener) throws IOException {
        replay.read(progress::update);
        findings.addAll(replay.findings());
        return replay.newLog(tasks, lock, listener);
    }

    /** What is known of blocks: nothing yet. */
    CacheState newState(Monitor lock, Log log) {
        Geometry geometry = superblock.geometry();
        long sizeBytes = backing.sizeBytes() / SECTOR_BYTES * SECTOR_BYTES;
        return new CacheState(lock, log, geometry.positions(), geometry.segmentBlocks(), sizeBytes);
    }

    /**
     * Enters what was read, and makes it lasting.
     *
     * @throws EngineException CHANGED if the disk was changed without its cache while data waits for it
     */
    void enter(CacheState state) throws IOException {
        int changed = fill(state);
        if (changed > 0) {
            changedElsewhere(state, changed);
        }
        replay.finish(state.log, backing, forget);
    }

    /**
     * Enters what was read, and makes the cache forget it, what is dirty too: the disk is from now on as it is.
     *
     * @throws EngineException STATE if the disk was not changed without its cache
     */
    void discard(CacheState state) throws IOException {
        requireChanged(state);
        replay.finish(state.log, backing, true);
    }

    /**
     * Enters what was read; writes nothing.
     *
     * @throws EngineException STATE if the disk was not changed without its cache
     */
    void requireChanged(CacheState state) throws IOException {
        if (fill(state) == 0) {
            throw new EngineException(
                    ErrorCode.STATE,
                    backing.name() + " is as its cache on " + cache.name()
                            + " left it: there is nothing to decide. Nothing was changed.");
        }
    }

    /** Enters what was read. Returns how many blocks of the disk are seen to be changed by others. */
    private int fill(CacheState state) throws IOException {
        Set<Long> changed = replay.changedBlocks(backing);
        replay.deliver(state::replayed);
        changed.addAll(CleanSample.of(state).differing(backing, findings::add));
        return changed.size();
    }

    private void changedElsewhere(CacheState state, int blocks) throws EngineException {
        // What is known to be lost must not turn into what the disk happens to hold.
        if (state.dirtyBlocks > 0 || state.lostBlocks > 0 || state.ranges.liveCount() > 0) {
            throw new EngineException(
                    ErrorCode.CHANGED,
                    backing.name() + " was changed without its cache (" + blocks
                            + " blocks of those compared differ), while data still waits on " + cache.name()
                            + ". Writing that data now could destroy what was changed. Nothing was changed by this.");
        }
        findings.add("The disk was changed without its cache. The cache held nothing but copies; they were forgotten.");
        forget = true;
    }
}
