package writeboost.engine.cache;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import writeboost.engine.log.ChunkBuffer;
import writeboost.engine.log.Crc;
import writeboost.engine.log.EntryKind;

/**
 * Puts what a read missed into the log as clean blocks. Best effort: never waits, never takes room that writes need.
 *
 * <p>A block is staged only if nothing was logged of it from before its read until now (its stamp is the same) and it has no
 * live entry: what was read is then what the backing device holds.
 */
final class Stager {
    private final CacheState state;
    private final StagingPolicy policy;
    private volatile int threshold;

    Stager(CacheState state) {
        this.state = state;
        policy = new StagingPolicy();
    }

    /** Blocks; 0 stages nothing. Any thread. */
    void setThreshold(int blocks) {
        threshold = blocks;
    }

    /** Whether a read of these blocks is worth caching. With the lock. */
    boolean worthwhile(long firstBlock, int blocks) {
        long run = policy.note(firstBlock, blocks);
        return threshold > 0 && run <= threshold;
    }

    /** Stages the missed blocks of a piece. */
    void stage(long first, int count, boolean[] missed, long[] stamps, ByteBuffer from, int fromAt) {
        Crc crc = new Crc();
        for (int i = 0; i < count; i++) {
            if (missed[i] && state.fullMask(first + i) == 0xFF) {
                int at = fromAt + i * BLOCK_BYTES;
                if (!stage(first + i, stamps[i], from, at, crc.of(from, at, BLOCK_BYTES))) {
                    return;
                }
            }
        }
    }

    private boolean stage(long block, long stamp, ByteBuffer from, int at, int crc) {
        state.lock.lock();
        try {
            if (state.stamp(block) != stamp || state.lookup(block) != BlockIndex.NONE) {
                return true;
            }
            @Nullable ChunkBuffer c = state.log.openForStaging();
            if (c == null) {
                return false;
            }
            int data = state.append(c, block, EntryKind.STAGED, 0xFF, 0, crc);
            c.memory().put(ChunkBuffer.dataAt(data), from, at, BLOCK_BYTES);
            state.log.added(c);
            state.counters.stagedBlocks++;
            return true;
        } finally {
            state.lock.unlock();
        }
    }
}
