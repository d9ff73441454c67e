package writeboost.engine.writeback;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import writeboost.engine.log.Blocks;
import writeboost.engine.log.CloseReason;
import writeboost.engine.log.EntryKind;
import writeboost.engine.log.Log;
import writeboost.engine.task.Monitor;

/**
 * Logs entries anew: damaged blocks as lost, and lost ones again before {@code oldest} passes them, so that a block that
 * was lost never turns into the disk's old content.
 */
public final class LostKeeper {
    private final Log log;
    private final CacheView view;
    private final Monitor lock;
    private final ByteBuffer nothing = Blocks.allocate(1);
    private long blocksCarried;

    /** A lost entry, and the chunk in which it lies. */
    private record Lost(int position, long seq) {}

    /** Entries that are logged anew at once: they fill one segment, and writeback may always begin that and one more. */
    final int maxBlocks;

    LostKeeper(Log log, CacheView view, Monitor lock) {
        this.log = log;
        this.view = view;
        this.lock = lock;
        maxBlocks = log.segments().segmentBlocks() - 1;
    }

    /**
     * Logs entries anew, each if it is still the newest of its block, in as few chunks as possible: what is kept in reserve for
     * this is a few segments, and clients take the rest of what is begun. Blocks while buffers are on their way to the device.
     *
     * @param logged logs the entry of a number below {@code count}, with the lock; false if there is no room
     * @return how many were logged, from the first on, durably like all that supersedes the others: less than {@code count} only if no
     *     room is left, and none is to come, for only writeback makes room
     */
    int logAnew(int count, IntPredicate logged) throws IOException {
        int i = 0;
        while (i < count) {
            int before = i;
            lock.lock();
            long seq;
            boolean allDurable;
            try {
                if (log.broken() != null) {
                    throw new IOException(log.broken());
                }
                while (i < count && logged.test(i)) {
                    i++;
                }
                seq = log.close(CloseReason.WRITEBACK);
                allDurable = log.durable() >= seq;
            } finally {
                lock.unlock();
            }
            if (!allDurable) {
                log.awaitDurable(seq);
            } else if (i == before) {
                return i;
            }
        }
        return i;
    }

    /** What to say where nothing at all finds room. */
    static IOException noRoom() {
        return new IOException("the log is full of blocks that are damaged, or that the disk refuses");
    }

    /**
     * Logs the lost entries below a seq anew, durably, but no more of them at once than surely find room. Blocks.
     *
     * @return how far {@code oldest} may go now: at most to {@code newOldest}, and beyond where it is
     * @throws IOException if it may go nowhere, for want of room
     */
    public long carryBelow(long newOldest) throws IOException {
        List<Lost> lost = new ArrayList<>();
        lock.lock();
        long oldest = log.oldest();
        lock.unlock();
        if (oldest >= newOldest) {
            return newOldest;
        }
        long seq = oldest;
        // Also where no block is lost any more: what has superseded a lost entry may not be durable yet.
        for (int near = 0; seq < newOldest; seq++) {
            lock.lock();
            long place = log.placeOf(seq, near);
            lock.unlock();
            if (place < 0) {
                continue;
            }
            int first = (int) (place / 256);
            near = first / log.segments().segmentBlocks();
            int end = first + (int) (place % 256);
            if (lost.size() + lostIn(first, end) > maxBlocks) {
                break;
            }
            for (int position = first; position < end; position++) {
                if (isLost(position)) {
                    lost.add(new Lost(position, seq));
                }
            }
        }
        int logged = logAnew(lost.size(), i -> carried(lost.get(i).position()));
        blocksCarried += logged;
        if (logged < lost.size()) {
            seq = lost.get(logged).seq();
            if (seq == oldest) {
                throw noRoom();
            }
        }
        return seq;
    }

    /** Lost blocks that were logged anew because oldest was to pass them. For the task of writeback. */
    long blocksCarried() {
        return blocksCarried;
    }

    private boolean carried(int position) {
        return !view.isNewest(position)
                || view.logAnew(position, EntryKind.LOST, log.entries().valid(position), 0, nothing, 0);
    }

    /** How many positions from the first to before the end have entries that are lost ones. */
    int lostIn(int first, int end) {
        int count = 0;
        for (int position = first; position < end; position++) {
            count += isLost(position) ? 1 : 0;
        }
        return count;
    }

    private boolean isLost(int position) {
        return log.entries().kind(position) == EntryKind.LOST;
    }
}
