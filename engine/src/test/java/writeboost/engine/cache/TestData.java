package writeboost.engine.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.log.Blocks;

/** Content for tests, and ways to find and to spoil it on a device. */
public final class TestData {
    public static final int BLOCK = 4096;
    public static final int SECTOR = 512;
    public static final long MIB = 1 << 20;

    private TestData() {}

    /** Bytes that no other seed gives. */
    public static byte[] random(long seed, int length) {
        byte[] data = new byte[length];
        new Random(seed).nextBytes(data);
        return data;
    }

    /** Fills a device with random bytes. */
    public static void fill(BlockDevice device, long seed) throws IOException {
        int piece = 1 << 20;
        for (long at = 0; at < device.sizeBytes(); at += piece) {
            int length = (int) Math.min(piece, device.sizeBytes() - at);
            put(device, at, random(seed + at, length));
        }
    }

    /** Writes to a device behind the engine's back. */
    public static void put(BlockDevice device, long offset, byte[] data) throws IOException {
        ByteBuffer b = Blocks.allocate((data.length + BLOCK - 1) / BLOCK);
        b.put(0, data);
        device.write(offset, b.limit(data.length));
    }

    /** The bytes of a block that lie on the cache device, at the block's end padded with zeros. */
    public static byte[] asBlock(byte[] data, int at) {
        byte[] block = new byte[BLOCK];
        System.arraycopy(data, 0, block, at, data.length);
        return block;
    }

    /** Where a block with this content lies on a device; the last place, if there are several; -1 if none. */
    public static long find(BlockDevice device, byte[] block) throws IOException {
        ByteBuffer all = Blocks.allocate(256);
        long found = -1;
        byte[] there = new byte[BLOCK];
        for (long at = 0; at < device.sizeBytes(); at += all.capacity()) {
            all.clear().limit((int) Math.min(all.capacity(), device.sizeBytes() - at));
            device.read(at, all);
            for (int i = 0; i + BLOCK <= all.limit(); i += BLOCK) {
                all.get(i, there);
                if (Arrays.equals(there, block)) {
                    found = at + i;
                }
            }
        }
        return found;
    }

    /** Flips a bit of the block with this content on a device. */
    public static void spoil(BlockDevice device, byte[] block) throws IOException {
        long at = find(device, block);
        if (at < 0) {
            throw new IllegalStateException("no such block on " + device.name());
        }
        byte[] spoilt = block.clone();
        spoilt[700] ^= 4;
        put(device, at, spoilt);
    }
}
