package writeboost.engine.writeback;

import java.io.IOException;
import java.nio.ByteBuffer;
import writeboost.engine.log.Blocks;
import writeboost.engine.log.CloseReason;
import writeboost.engine.log.EntryKind;
import writeboost.engine.log.Log;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * Logs entries anew: damaged blocks as lost, and lost ones again before {@code oldest} passes them, so that a block that
 * was lost never turns into the disk's old content.
 */
public final class LostKeeper {
    private static final long WAIT_NS = 100_000_000;

    private final Log log;
    private final CacheView view;
    private final Monitor lock;
    private final Tasks tasks;
    private final ByteBuffer nothing = Blocks.allocate(1);

    LostKeeper(Log log, CacheView view, Monitor lock, Tasks tasks) {
        this.log = log;
        this.view = view;
        this.lock = lock;
        this.tasks = tasks;
    }

    /**
     * Logs the entry at a position anew, if it is still the newest of its block.
     *
     * @return the seq that must be durable before the old entry may be passed
     */
    long logAnew(int position, int kind, int valid, int dirty, ByteBuffer data, int dataAt) throws IOException {
        while (true) {
            lock.lock();
            try {
                if (log.broken() != null) {
                    throw new IOException(log.broken());
                }
                if (!view.isNewest(position) || view.logAnew(position, kind, valid, dirty, data, dataAt)) {
                    return log.close(CloseReason.WRITEBACK);
                }
                log.close(CloseReason.WRITEBACK);
            } finally {
                lock.unlock();
            }
            tasks.sleep(WAIT_NS);
        }
    }

    /** Logs the lost entries below a seq anew, durably. Blocks. */
    public void carryBelow(long newOldest) throws IOException {
        long upTo = 0;
        lock.lock();
        long seq = log.oldest();
        lock.unlock();
        for (int near = 0; seq < newOldest && anyLost(); seq++) {
            lock.lock();
            long place = log.placeOf(seq, near);
            lock.unlock();
            if (place < 0) {
                continue;
            }
            int first = (int) (place / 256);
            near = first / log.segments().segmentBlocks();
            for (int p = first; p < first + (int) (place % 256); p++) {
                if (log.entries().kind(p) == EntryKind.LOST) {
                    upTo = Math.max(
                            upTo, logAnew(p, EntryKind.LOST, log.entries().valid(p), 0, nothing, 0));
                }
            }
        }
        if (upTo > 0) {
            log.awaitDurable(upTo);
        }
    }

    private boolean anyLost() {
        lock.lock();
        try {
            return view.lostBlocks() > 0;
        } finally {
            lock.unlock();
        }
    }
}
