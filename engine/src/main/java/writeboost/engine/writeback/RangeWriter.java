package writeboost.engine.writeback;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.io.IOException;
import java.util.List;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.log.EntryKind;
import writeboost.engine.log.RangeEntry;
import writeboost.engine.task.Monitor;

/**
 * Carries trimmed and zeroed ranges out on the backing device, in the order of the log, in pieces: what is left out is
 * decided anew for each, under the lock.
 */
final class RangeWriter {
    /** Blocks of a piece: 16 MiB. */
    private static final int PIECE_BLOCKS = 4096;

    private final BlockDevice backing;
    private final CacheView view;
    private final Monitor lock;
    private final long sizeBytes;

    RangeWriter(BlockDevice backing, CacheView view, Monitor lock, long sizeBytes) {
        this.backing = backing;
        this.view = view;
        this.lock = lock;
        this.sizeBytes = sizeBytes;
    }

    void write(List<RangeEntry> ranges) throws IOException {
        for (RangeEntry r : ranges) {
            if (r.kind() == EntryKind.TRIM && !backing.canDiscard()) {
                continue; // a hint that this device can't use
            }
            for (long at = r.address(); at < r.endAddress(); at += PIECE_BLOCKS) {
                writePiece(r, at, Math.min(r.endAddress(), at + PIECE_BLOCKS));
            }
        }
    }

    private void writePiece(RangeEntry r, long from, long end) throws IOException {
        long at = from;
        while (at < end) {
            long start;
            long stop;
            lock.lock();
            try {
                start = skip(r, at, end, true);
                stop = skip(r, start, end, false);
            } finally {
                lock.unlock();
            }
            if (stop > start) {
                carryOut(r, start * BLOCK_BYTES, Math.min(stop * BLOCK_BYTES, sizeBytes));
            }
            at = stop;
        }
    }

    /** The first block from {@code at} on that is not (or is) left out like the others before it. */
    private long skip(RangeEntry r, long at, long end, boolean leftOut) {
        long block = at;
        while (block < end && view.isNewerThan(r, block) == leftOut) {
            block++;
        }
        return block;
    }

    private void carryOut(RangeEntry r, long from, long end) throws IOException {
        if (r.kind() == EntryKind.TRIM) {
            backing.discard(from, end - from);
        } else {
            backing.zero(from, end - from, r.kind() == EntryKind.ZERO);
        }
    }
}
