package writeboost.engine.writeback;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.io.IOException;
import java.util.BitSet;
import java.util.concurrent.atomic.LongAdder;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.log.Crc;
import writeboost.engine.log.EntryTable;
import writeboost.engine.log.Geometry;

/** Reads the wanted blocks of a batch from the cache device: in one go where they lie close, and checked. */
final class BatchReader {
    /** Blocks that nobody wants are read along if no more than this many lie between wanted ones: cheaper than a read. */
    private static final int MAX_GAP_BLOCKS = 16;

    /** Reads of a block that must not fit before it counts as damaged. */
    private static final int ATTEMPTS = 3;

    private final BlockDevice cache;
    private final Geometry geometry;
    private final EntryTable entries;
    private final Crc crc = new Crc();

    final LongAdder bytesRead = new LongAdder();

    BatchReader(BlockDevice cache, Geometry geometry, EntryTable entries) {
        this.cache = cache;
        this.geometry = geometry;
        this.entries = entries;
    }

    /** Reads the batch. Returns which of its blocks, by index, are damaged. */
    BitSet read(Batch batch) {
        BitSet damaged = new BitSet();
        for (int i = 0; i < batch.size(); ) {
            int end = i + 1;
            while (end < batch.size() && follows(batch.position(end - 1), batch.position(end))) {
                end++;
            }
            boolean read = readRun(batch, batch.position(i), batch.position(end - 1));
            for (int k = i; k < end; k++) {
                if (!(read && fits(batch, batch.position(k))) && !readAlone(batch, batch.position(k))) {
                    damaged.set(k);
                }
            }
            i = end;
        }
        return damaged;
    }

    private boolean follows(int position, int next) {
        return next > position
                && next - position <= MAX_GAP_BLOCKS
                && next / geometry.segmentBlocks() == position / geometry.segmentBlocks();
    }

    private boolean readRun(Batch batch, int first, int last) {
        int at = batch.dataAt(first);
        int length = (last - first + 1) * BLOCK_BYTES;
        try {
            cache.read(geometry.byteOffset(first), batch.part(at, length));
            bytesRead.add(length);
            return true;
        } catch (IOException e) {
            return false; // block by block, then: it may be only one of them
        }
    }

    private boolean fits(Batch batch, int position) {
        return crc.of(batch.data, batch.dataAt(position), BLOCK_BYTES) == entries.crc(position);
    }

    private boolean readAlone(Batch batch, int position) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (readRun(batch, position, position) && fits(batch, position)) {
                return true;
            }
        }
        return false;
    }
}
