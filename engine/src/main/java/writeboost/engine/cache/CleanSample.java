package writeboost.engine.cache;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.log.EntryKind;
import writeboost.engine.log.Log;
import writeboost.engine.log.Replay;

/**
 * Clean cached blocks, compared with the disk when a pair is opened: they tell of changes made without the cache that the
 * fingerprint, which knows the ends of the disk only, does not see. The blocks written last are the best witnesses: a file
 * system ends what it does with its own tables.
 *
 * <p>Right after a crash too: the newest entry of a block, if it is clean, is what the disk holds durably, and only newer
 * durable entries are ever written there.
 */
final class CleanSample {
    /** Of the blocks written last. With those below about a second of a hard disk's time. */
    private static final int NEWEST = 64;

    /** Spread evenly over the rest of the log. */
    private static final int SPREAD = 64;

    /** Chunks that are searched for the newest: enough, and quick also where all of a huge log is dirty. */
    private static final long MAX_SEARCHED = 64 * 1024;

    private final CacheState state;
    private final Log log;
    /** Checksums by address: the disk is read in its order. */
    private final TreeMap<Long, Integer> chosen = new TreeMap<>();

    private CleanSample(CacheState state) {
        this.state = state;
        log = state.log;
    }

    /** Chooses blocks. With the lock, if the log is running. */
    static CleanSample of(CacheState state) {
        CleanSample sample = new CleanSample(state);
        sample.choose();
        return sample;
    }

    /**
     * Compares them. Without the lock.
     *
     * @param unreadable is told, in sentences, what can't be read: no proof of a change
     * @return the blocks that differ
     */
    Set<Long> differing(BlockDevice backing, Consumer<String> unreadable) {
        Set<Long> differing = new HashSet<>();
        chosen.forEach((address, crc) -> {
            try {
                if (Replay.blockCrc(backing, address) != crc) {
                    differing.add(address);
                }
            } catch (IOException e) {
                unreadable.accept(backing.name() + ": block " + address + " can't be read: " + e.getMessage());
            }
        });
        return differing;
    }

    private void choose() {
        long last = log.headSeq();
        long oldest = log.oldest();
        long seq = last;
        int near = 0;
        for (; seq >= Math.max(oldest, last - MAX_SEARCHED) && chosen.size() < NEWEST; seq--) {
            near = take(seq, near, NEWEST);
        }
        long step = Math.max(1, (seq - oldest + 1) / SPREAD);
        for (; seq >= oldest && chosen.size() < NEWEST + SPREAD; seq -= step) {
            near = take(seq, near, chosen.size() + 1);
        }
    }

    /** Takes clean blocks of a chunk, until there are so many in all. Returns where to look for its neighbour. */
    private int take(long seq, int near, int upTo) {
        long place = log.placeOf(seq, near);
        if (place < 0) {
            return near;
        }
        int first = (int) (place / 256);
        int end = first + (int) (place % 256);
        for (int p = first; p < end && chosen.size() < upTo; p++) {
            if (isClean(p)) {
                chosen.put(log.entries().address(p), log.entries().crc(p));
            }
        }
        return first / log.segments().segmentBlocks();
    }

    private boolean isClean(int position) {
        int id = BlockIndex.idOfPosition(position);
        long block = log.entries().address(position);
        return block < state.blocks
                && state.lookup(block) == id
                && state.index.dirtyOf(id) == 0
                && state.index.validOf(id) == 0xFF
                && state.fullMask(block) == 0xFF
                && state.index.kindOf(id) != EntryKind.LOST
                && !state.index.isBad(id);
    }
}
