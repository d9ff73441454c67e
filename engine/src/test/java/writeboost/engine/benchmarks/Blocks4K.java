package writeboost.engine.benchmarks;

import java.nio.ByteBuffer;
import java.util.Random;
import writeboost.engine.log.Blocks;

/** Content for benchmarks, and numbers without a pattern. */
public final class Blocks4K {
    private Blocks4K() {}

    /** So many blocks of random bytes. */
    public static ByteBuffer random(int blocks) {
        ByteBuffer data = Blocks.allocate(blocks);
        Random random = new Random(blocks);
        for (int at = 0; at < data.capacity(); at += Long.BYTES) {
            data.putLong(at, random.nextLong());
        }
        return data;
    }

    /** A number that looks random, the same for the same {@code n} (the finalizer of SplitMix64). */
    public static long scatter(long n) {
        long mixed = (n ^ (n >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
