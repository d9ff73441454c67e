package writeboost.engine.writeback;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.log.Blocks;
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

    /** A block of a range that the disk refuses to zero. */
    record Refused(RangeEntry range, long block) {}

    private final BlockDevice backing;
    private final CacheView view;
    private final Monitor lock;
    private final long sizeBytes;
    private final ByteBuffer zeros = Blocks.allocate(1);
    private final List<Refused> refused = new ArrayList<>();
    private int refusedAtMost;

    RangeWriter(BlockDevice backing, CacheView view, Monitor lock, long sizeBytes) {
        this.backing = backing;
        this.view = view;
        this.lock = lock;
        this.sizeBytes = sizeBytes;
    }

    /**
     * Carries ranges out.
     *
     * @param maxRefused so many blocks may be refused; more of them mean that the disk is at fault
     * @return the blocks that the disk refuses to zero
     */
    List<Refused> write(List<RangeEntry> ranges, int maxRefused) throws IOException {
        refused.clear();
        refusedAtMost = maxRefused;
        for (RangeEntry r : ranges) {
            if (r.kind() == EntryKind.TRIM && !backing.canDiscard()) {
                continue; // a hint that this device can't use
            }
            for (long at = r.address(); at < r.endAddress(); at += PIECE_BLOCKS) {
                writePiece(r, at, Math.min(r.endAddress(), at + PIECE_BLOCKS));
            }
        }
        return List.copyOf(refused);
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
            try {
                backing.discard(from, end - from);
            } catch (IOException e) {
                return; // a hint: whatever the disk holds now is as good
            }
            return;
        }
        try {
            backing.zero(from, end - from, r.kind() == EntryKind.ZERO);
        } catch (IOException e) {
            // Block by block, and by plain writes: one bad sector must not keep the others.
            for (long at = from; at < end; at += BLOCK_BYTES) {
                writeZeros(r, at, e);
            }
        }
    }

    private void writeZeros(RangeEntry r, long at, IOException why) throws IOException {
        try {
            backing.write(at, zeros.clear());
        } catch (IOException e) {
            refused.add(new Refused(r, at / BLOCK_BYTES));
            if (refused.size() > refusedAtMost) {
                throw why;
            }
        }
    }
}
