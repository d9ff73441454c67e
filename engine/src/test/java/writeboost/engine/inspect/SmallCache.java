package writeboost.engine.inspect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.TestPair;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.log.Blocks;
import writeboost.engine.log.Geometry;

/** A small cache in memory, whose bytes a test turns. */
final class SmallCache implements AutoCloseable {
    static final int SEGMENT_BLOCKS = 16;
    static final int BACKING_BLOCKS = 1024;

    final MemoryDevice cache;
    final TestPair pair;

    SmallCache() throws IOException {
        cache = new MemoryDevice("cache", Geometry.minCacheBytes(SEGMENT_BLOCKS));
        pair = new TestPair(cache, new MemoryDevice("backing", BACKING_BLOCKS * 4096L), SEGMENT_BLOCKS, TestPair.QUIET);
    }

    /** Clean blocks, then dirty ones in chunks of several sizes, then a sync; then it is stopped dead. */
    static SmallCache filled() throws IOException {
        SmallCache c = new SmallCache();
        c.write(0, 20);
        c.pair.flush();
        c.pair.disk.flush(Progress.NONE);
        c.write(5, 1);
        c.pair.flush();
        c.write(100, 3);
        c.pair.trim(200 * 4096L, 50 * 4096L);
        c.pair.flush();
        c.write(300, 40);
        c.pair.flush();
        c.write(101, 1);
        c.pair.disk.sync();
        c.pair.disk.kill();
        return c;
    }

    void write(long address, int blocks) {
        byte[] data = new byte[blocks * 4096];
        new Random(address).nextBytes(data);
        pair.write(address * 4096, data);
    }

    Verdict verify() throws IOException {
        return Inspection.verify(cache, false, Progress.NONE);
    }

    Inspection inspect() throws IOException {
        return Inspection.ofDevice(cache, false, Progress.NONE);
    }

    /** Turns bits of a byte of the cache device; twice is as if never. */
    void flip(long byteOffset, int bits) throws IOException {
        ByteBuffer block = Blocks.allocate(1);
        long at = byteOffset / 4096 * 4096;
        cache.read(at, block);
        int i = (int) (byteOffset - at);
        block.put(i, (byte) (block.get(i) ^ bits));
        cache.write(at, block.rewind());
    }

    static long byteOffset(int slot, int offset) {
        return (128L + (long) slot * SEGMENT_BLOCKS + offset) * 4096;
    }

    @Override
    public void close() throws IOException {
        pair.disk.kill();
    }
}
