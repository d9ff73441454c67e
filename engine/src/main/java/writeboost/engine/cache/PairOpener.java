package writeboost.engine.cache;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.DeviceIdentity;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.Log;
import writeboost.engine.log.LogListener;
import writeboost.engine.log.RangeEntry;
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
        checkBacking();
        replay = new Replay(cache, superblock);
    }

    Superblock superblock() {
        return superblock;
    }

    /** What the user should know of what was found; sentences. */
    List<String> findings() {
        return findings;
    }

    private void checkBacking() throws EngineException {
        DeviceIdentity then = superblock.backing();
        DeviceIdentity now = backing.identity();
        if (then.sizeBytes() != backing.sizeBytes()) {
            throw foreign("has " + backing.sizeBytes() + " bytes, the disk of this cache had " + then.sizeBytes());
        }
        if (!then.serial().isEmpty() && !now.serial().isEmpty()) {
            // A name like /dev/sdb goes to whichever disk comes first: the serial number knows better.
            if (!then.serial().equals(now.serial())) {
                throw foreign(
                        "has the serial number " + now.serial() + ", the disk of this cache has " + then.serial());
            }
        } else if (!then.stableName().equals(Superblock.storedName(now.stableName()))) {
            throw foreign("is " + now.stableName() + ", the disk of this cache is " + then.stableName());
        }
    }

    private EngineException foreign(String how) {
        return new EngineException(
                ErrorCode.FOREIGN,
                backing.name() + " is not the disk that the cache on " + cache.name() + " belongs to: it " + how
                        + ". Nothing was changed. Attach the right disk, or make a new cache on another device.");
    }

    /** Reads the log. Writes nothing. */
    Log read(Progress progress, Tasks tasks, Monitor lock, LogListener listener) throws IOException {
        replay.read(progress::update);
        findings.addAll(replay.findings());
        return replay.newLog(tasks, lock, listener);
    }

    /** Enters what was read, and makes it lasting. */
    void enter(CacheState state) throws IOException {
        Set<Long> changed = replay.changedBlocks(backing);
        boolean mayBeOurs = !replay.wasStoppedCleanly();
        replay.deliver((seq, first, dataBlocks, ranges) -> {
            for (int p = first; p < first + dataBlocks && mayBeOurs && !changed.isEmpty(); p++) {
                explain(changed, seq, p);
            }
            for (RangeEntry r : mayBeOurs ? ranges : List.<RangeEntry>of()) {
                changed.removeIf(block -> block >= r.address() && block < r.endAddress());
            }
            state.replayed(seq, first, dataBlocks, ranges);
        });
        if (!changed.isEmpty()) {
            changedElsewhere(state, changed.size());
        }
        replay.finish(state.log, backing, forget);
    }

    /**
     * After a crash a block that differs from its fingerprint may hold a version of the log: our own writeback put it there. Cut
     * off by a power failure, it may have put some sectors there and not others, and no checksum tells such a mixture.
     */
    private void explain(Set<Long> changed, long seq, int position) {
        long block = replay.entries().address(position);
        if (!changed.contains(block)) {
            return;
        }
        try {
            boolean beingWritten =
                    seq > replay.marks().tail() && replay.entries().dirty(position) != 0;
            if (beingWritten
                    || replay.entries().valid(position) != 0xFF
                    || Replay.blockCrc(backing, block) == replay.entries().crc(position)) {
                changed.remove(block);
            }
        } catch (IOException e) {
            findings.add(backing.name() + ": block " + block + " can't be read: " + e.getMessage());
        }
    }

    private void changedElsewhere(CacheState state, int blocks) throws EngineException {
        // What is known to be lost must not turn into what the disk happens to hold.
        if (state.dirtyBlocks > 0 || state.lostBlocks > 0 || state.ranges.liveCount() > 0) {
            throw new EngineException(
                    ErrorCode.FOREIGN,
                    backing.name() + " was changed without its cache (" + blocks
                            + " blocks of its first and last MiB), while data still waits on " + cache.name()
                            + ". Writing that data now could destroy what was changed. Nothing was changed by this.");
        }
        findings.add("The disk was changed without its cache. The cache held nothing but copies; they were forgotten.");
        forget = true;
    }
}
