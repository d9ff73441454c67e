package writeboost.engine.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import writeboost.engine.device.ForwardingDevice;
import writeboost.engine.device.SparseDevice;
import writeboost.engine.log.Blocks;

/**
 * A device that takes no time: it keeps its first and last blocks, which hold superblocks and checkpoints, and forgets all others.
 * They read as zeros. Any thread may call.
 */
public final class NullDevice extends ForwardingDevice {
    private static final int BLOCK_BYTES = 4096;
    private static final long KEPT_BLOCKS = 128;

    /** Makes one. */
    public NullDevice(String name, long sizeBytes) {
        super(new SparseDevice(name, sizeBytes));
    }

    private boolean keeps(long offsetBytes) {
        return offsetBytes < KEPT_BLOCKS * BLOCK_BYTES || offsetBytes >= sizeBytes() - BLOCK_BYTES;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        if (keeps(offsetBytes)) {
            super.read(offsetBytes, into);
            return;
        }
        Blocks.zero(into, into.position(), into.remaining());
        into.position(into.limit());
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws IOException {
        if (keeps(offsetBytes)) {
            super.write(offsetBytes, from);
        } else {
            from.position(from.limit());
        }
    }

    @Override
    public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) {}
}
