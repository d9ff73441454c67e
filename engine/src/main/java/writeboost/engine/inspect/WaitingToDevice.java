package writeboost.engine.inspect;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.log.Blocks;

/** Writes data that waited on a cache to the disk; parts of sectors that are larger than 512 bytes are completed first. */
public final class WaitingToDevice implements WaitingData {
    private final BlockDevice disk;
    private final ByteBuffer block = Blocks.allocate(1);

    /** The disk stays the caller's, who also syncs it. */
    public WaitingToDevice(BlockDevice disk) {
        this.disk = disk;
    }

    @Override
    public void data(long offsetBytes, ByteBuffer data) throws IOException {
        int sector = disk.sectorBytes();
        if (offsetBytes % sector == 0 && data.remaining() % sector == 0) {
            disk.write(offsetBytes, data);
            return;
        }
        // Only a part of one block comes unaligned.
        long start = offsetBytes / BLOCK_BYTES * BLOCK_BYTES;
        disk.read(start, block.clear());
        block.position((int) (offsetBytes - start)).put(data);
        disk.write(start, block.clear());
    }

    @Override
    public void zeros(long offsetBytes, long lengthBytes) throws IOException {
        disk.zero(offsetBytes, lengthBytes, true);
    }
}
