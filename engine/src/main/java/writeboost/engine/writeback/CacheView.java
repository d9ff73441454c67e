package writeboost.engine.writeback;

import java.nio.ByteBuffer;
import java.util.List;
import writeboost.engine.log.RangeEntry;

/** What writeback must know, and may change, of the cached disk. All methods with the lock held. */
public interface CacheView {
    /**
     * Whether the entry at a position must be written to the backing device: it is dirty, not lost, and no durable entry or range
     * supersedes it. A successor that is not durable yet does not count: power may go before it is.
     */
    boolean mustWrite(int position);

    /**
     * Whether the entry at a position may be written to the backing device, superseded or not: what supersedes it is above the
     * tail, so that it will follow.
     */
    boolean mayWrite(int position);

    /** Whether a block is left out when a range is carried out: a durable entry newer than the range holds it. */
    boolean isNewerThan(RangeEntry range, long block);

    /**
     * The content of these blocks of the backing device is about to change.
     *
     * @return whether a checkpoint has to say so before: otherwise a crash would leave a disk that looks changed by others
     */
    boolean willChange(long fromBlock, long endBlock);

    /** The backing device durably holds what the entry held. */
    void clean(int position);

    /** The ranges of chunks up to a seq that are not carried out yet, oldest first. */
    List<RangeEntry> liveRanges(long upToSeq);

    /** Whether the entry at a position is still the newest of its block, and neither hidden nor superseded. */
    boolean isNewest(int position);

    /**
     * Logs the newest entry of a block anew: as lost, or with its data.
     *
     * @param kind of the new entry
     * @param data its block; its sectors that are not valid are zero
     * @return false if there is no room: wait, and look again
     */
    boolean logAnew(int position, int kind, int valid, int dirty, ByteBuffer data, int dataAt);

    /**
     * Logs zeros for a block of a range that the backing device did not take.
     *
     * @return false if there is no room: wait, and look again; true also if the range has not the last word there any more
     */
    boolean logZeros(RangeEntry range, long block);

    /** Number of dirty blocks. */
    long dirtyBlocks();

    /** A range was carried out on the backing device. */
    void rangeDone(RangeEntry range);
}
