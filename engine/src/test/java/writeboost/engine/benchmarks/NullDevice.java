package writeboost.engine.benchmarks;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.DeviceIdentity;
import writeboost.engine.log.Blocks;

/**
 * A device that takes no time: it keeps its first and last blocks, which hold superblocks and checkpoints, and forgets all others.
 * They read as zeros. Any thread may call.
 */
public final class NullDevice implements BlockDevice {
    private static final int BLOCK_BYTES = 4096;
    private static final long KEPT_BLOCKS = 128;

    private final String name;
    private final long sizeBytes;
    private final Map<Long, byte[]> kept = new ConcurrentHashMap<>();
    private final byte[] zeros = new byte[BLOCK_BYTES];

    /** Makes one. */
    public NullDevice(String name, long sizeBytes) {
        this.name = name;
        this.sizeBytes = sizeBytes;
    }

    private boolean keeps(long offsetBytes) {
        return offsetBytes < KEPT_BLOCKS * BLOCK_BYTES || offsetBytes >= sizeBytes - BLOCK_BYTES;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public int sectorBytes() {
        return 512;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) {
        if (!keeps(offsetBytes)) {
            Blocks.zero(into, into.position(), into.remaining());
            into.position(into.limit());
            return;
        }
        for (long at = offsetBytes; into.hasRemaining(); at += BLOCK_BYTES) {
            into.put(kept.getOrDefault(at, zeros), 0, Math.min(BLOCK_BYTES, into.remaining()));
        }
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) {
        if (!keeps(offsetBytes)) {
            from.position(from.limit());
            return;
        }
        for (long at = offsetBytes; from.hasRemaining(); at += BLOCK_BYTES) {
            byte[] block = new byte[BLOCK_BYTES];
            from.get(block, 0, Math.min(BLOCK_BYTES, from.remaining()));
            kept.put(at, block);
        }
    }

    @Override
    public void sync() {}

    @Override
    public boolean canDiscard() {
        return false;
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) {}

    @Override
    public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) {}

    @Override
    public DeviceIdentity identity() {
        return new DeviceIdentity(name, name, "", sizeBytes);
    }

    @Override
    public void close() {}
}
