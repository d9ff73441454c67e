package writeboost.engine.cache;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
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

    CleanSample(CacheState state) {
        this.state = state;
        log = state.log;
    }

    /**
     * Compares. One thread; nothing is served yet.
     *
     * @param unreadable is given what can't be read: no proof of a change
     * @return the blocks that differ
     */
    Set<Long> differing(BlockDevice backing, List<String> unreadable) {
        TreeMap<Long, Integer> byAddress = new TreeMap<>(); // the disk is read in its order
        for (int position : choose()) {
            byAddress.put(log.entries().address(position), position);
        }
        Set<Long> differing = new HashSet<>();
        byAddress.forEach((address, position) -> {
            try {
                if (Replay.blockCrc(backing, address) != log.entries().crc(position)) {
                    differing.add(address);
                }
            } catch (IOException e) {
                unreadable.add(backing.name() + ": block " + address + " can't be read: " + e.getMessage());
            }
        });
        return differing;
    }

    private List<Integer> choose() {
        List<Integer> chosen = new ArrayList<>();
        long last = log.headSeq();
        long oldest = log.oldest();
        long seq = last;
        int near = 0;
        for (; seq >= Math.max(oldest, last - MAX_SEARCHED) && chosen.size() < NEWEST; seq--) {
            near = take(seq, near, NEWEST - chosen.size(), chosen);
        }
        long step = Math.max(1, (seq - oldest + 1) / SPREAD);
        for (; seq >= oldest && chosen.size() < NEWEST + SPREAD; seq -= step) {
            near = take(seq, near, 1, chosen);
        }
        return chosen;
    }

    /** Adds the positions of clean blocks of a chunk, at most so many. Returns where to look for its neighbour. */
    private int take(long seq, int near, int atMost, List<Integer> to) {
        long place = log.placeOf(seq, near);
        if (place < 0) {
            return near;
        }
        int first = (int) (place / 256);
        int end = first + (int) (place % 256);
        int until = to.size() + atMost;
        for (int p = first; p < end && to.size() < until; p++) {
            if (isClean(p)) {
                to.add(p);
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
