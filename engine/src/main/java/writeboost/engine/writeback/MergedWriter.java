package writeboost.engine.writeback;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;
import static writeboost.engine.log.Geometry.SECTOR_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.concurrent.atomic.LongAdder;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.log.Blocks;
import writeboost.engine.log.EntryTable;
import writeboost.engine.log.Sectors;

/** Writes the blocks of a batch to the backing device in the order of their addresses, neighbours as one write. */
final class MergedWriter {
    /** The largest write: 1 MiB. More gains nothing on a disk, and it bounds what one bad sector spoils. */
    private static final int MAX_BLOCKS = 256;

    private final BlockDevice backing;
    private final EntryTable entries;
    private final ByteBuffer run = Blocks.allocate(MAX_BLOCKS);
    private final ByteBuffer runPart = run.duplicate();
    private final ByteBuffer oneBlock = Blocks.allocate(1);
    private final int[] runIndexes = new int[MAX_BLOCKS];
    private long runAddress;
    private int runBlocks;

    final LongAdder writes = new LongAdder();
    final LongAdder bytesWritten = new LongAdder();
    final LongAdder bytesRead = new LongAdder();

    MergedWriter(BlockDevice backing, EntryTable entries) {
        this.backing = backing;
        this.entries = entries;
    }

    /** Called after each write, with the number of blocks. */
    interface Paced {
        /** So many blocks were written. */
        void wrote(int blocks);
    }

    /**
     * Writes the batch, which is sorted.
     *
     * @param leaveOut blocks, by index, that are not to be written
     * @return the blocks that the device refused, by index
     */
    BitSet write(Batch batch, BitSet leaveOut, Paced paced) {
        BitSet refused = new BitSet();
        runBlocks = 0;
        for (int k = 0; k < batch.size(); k++) {
            int i = batch.sorted(k);
            if (leaveOut.get(i)) {
                continue;
            }
            int position = batch.position(i);
            long address = entries.address(position);
            boolean whole = entries.valid(position) == 0xFF;
            if (runBlocks > 0 && (!whole || address != runAddress + runBlocks || runBlocks == MAX_BLOCKS)) {
                flushRun(refused, paced);
            }
            if (whole) {
                run.put(runBlocks * BLOCK_BYTES, batch.data, batch.dataAt(position), BLOCK_BYTES);
                if (runBlocks == 0) {
                    runAddress = address;
                }
                runIndexes[runBlocks++] = i;
            } else {
                writePart(batch, i, address, refused);
                paced.wrote(1);
            }
        }
        flushRun(refused, paced);
        return refused;
    }

    private void flushRun(BitSet refused, Paced paced) {
        if (runBlocks == 0) {
            return;
        }
        if (!tryWrite(runAddress * BLOCK_BYTES, Blocks.part(runPart, 0, runBlocks * BLOCK_BYTES))) {
            // Block by block: one bad sector must not keep its neighbours.
            for (int k = 0; k < runBlocks; k++) {
                if (!tryWrite((runAddress + k) * BLOCK_BYTES, Blocks.part(runPart, k * BLOCK_BYTES, BLOCK_BYTES))) {
                    refused.set(runIndexes[k]);
                }
            }
        }
        paced.wrote(runBlocks);
        runBlocks = 0;
    }

    private boolean tryWrite(long offset, ByteBuffer from) {
        int length = from.remaining();
        try {
            backing.write(offset, from);
            writes.increment();
            bytesWritten.add(length);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A block of which only some sectors are known: these alone, or all of it where the disk's sectors are larger. */
    private void writePart(Batch batch, int i, long address, BitSet refused) {
        int position = batch.position(i);
        int valid = entries.valid(position);
        int at = batch.dataAt(position);
        boolean good = true;
        if (backing.sectorBytes() > SECTOR_BYTES) {
            good = completeAndWrite(batch.data, at, address, valid);
        } else {
            for (Sectors run : Sectors.of(valid)) {
                good = good
                        && tryWrite(
                                address * BLOCK_BYTES + run.offsetBytes(),
                                batch.part(at + run.offsetBytes(), run.lengthBytes()));
            }
        }
        if (!good) {
            refused.set(i);
        }
    }

    private boolean completeAndWrite(ByteBuffer data, int at, long address, int valid) {
        try {
            backing.read(address * BLOCK_BYTES, oneBlock.clear());
            bytesRead.add(BLOCK_BYTES);
        } catch (IOException e) {
            return false;
        }
        for (int s = 0; s < 8; s++) {
            if ((valid >> s & 1) != 0) {
                oneBlock.put(s * SECTOR_BYTES, data, at + s * SECTOR_BYTES, SECTOR_BYTES);
            }
        }
        return tryWrite(address * BLOCK_BYTES, oneBlock.clear());
    }
}
