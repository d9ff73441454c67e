package writeboost.engine.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A device in memory of which only the blocks that are not all zeros take room, however large it is. Any thread may call; a block
 * is never seen half written.
 */
public final class SparseDevice implements BlockDevice {
    private static final int BLOCK_BYTES = 4096;
    private static final int SECTOR_BYTES = 512;

    private final String name;
    private final long sizeBytes;
    /** By number; a block that is not here is all zeros. What is here never changes. */
    private final Map<Long, byte[]> kept = new ConcurrentHashMap<>();

    /**
     * Makes one full of zeros.
     *
     * @param sizeBytes a multiple of 4096
     */
    public SparseDevice(String name, long sizeBytes) {
        this.name = name;
        this.sizeBytes = sizeBytes;
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
        return SECTOR_BYTES;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        check(offsetBytes, into.remaining());
        long at = offsetBytes;
        while (into.hasRemaining()) {
            int start = (int) (at % BLOCK_BYTES);
            int length = Math.min(BLOCK_BYTES - start, into.remaining());
            byte @Nullable [] block = kept.get(at / BLOCK_BYTES);
            if (block == null) {
                putZeros(into, length);
            } else {
                into.put(block, start, length);
            }
            at += length;
        }
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws IOException {
        check(offsetBytes, from.remaining());
        long at = offsetBytes;
        while (from.hasRemaining()) {
            int start = (int) (at % BLOCK_BYTES);
            int length = Math.min(BLOCK_BYTES - start, from.remaining());
            boolean zeros = isZero(from, length);
            if (length == BLOCK_BYTES && zeros) {
                kept.remove(at / BLOCK_BYTES);
            } else {
                byte[] piece = new byte[length];
                from.get(from.position(), piece);
                kept.compute(at / BLOCK_BYTES, (number, old) -> changed(old, start, piece));
            }
            from.position(from.position() + length);
            at += length;
        }
    }

    private static byte @Nullable [] changed(byte @Nullable [] old, int start, byte[] piece) {
        byte[] block = old == null ? new byte[BLOCK_BYTES] : old.clone();
        System.arraycopy(piece, 0, block, start, piece.length);
        return isZero(ByteBuffer.wrap(block), BLOCK_BYTES) ? null : block;
    }

    private static boolean isZero(ByteBuffer bytes, int length) {
        int end = bytes.position() + length;
        for (int i = bytes.position(); i < end; i += Long.BYTES) {
            if (bytes.getLong(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private static void putZeros(ByteBuffer into, int length) {
        for (int i = 0; i < length; i += Long.BYTES) {
            into.putLong(0);
        }
    }

    /** Sectors, and inside: the engine asks for nothing else. */
    private void check(long offsetBytes, long lengthBytes) throws IOException {
        if (offsetBytes < 0
                || offsetBytes > sizeBytes - lengthBytes
                || (offsetBytes | lengthBytes) % SECTOR_BYTES != 0) {
            throw new IOException(name + " has no " + lengthBytes + " bytes at " + offsetBytes);
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
    public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) throws IOException {
        check(offsetBytes, lengthBytes);
        ByteBuffer zeros = ByteBuffer.allocate(BLOCK_BYTES);
        for (long at = offsetBytes; at < offsetBytes + lengthBytes; ) {
            int length = (int) Math.min(BLOCK_BYTES - at % BLOCK_BYTES, offsetBytes + lengthBytes - at);
            write(at, zeros.clear().limit(length));
            at += length;
        }
    }

    /** Blocks that take room. */
    public int keptBlocks() {
        return kept.size();
    }

    @Override
    public DeviceIdentity identity() {
        return new DeviceIdentity(name, name, "", sizeBytes);
    }

    @Override
    public void close() {}
}
