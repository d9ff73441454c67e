package writeboost.app.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import writeboost.app.client.NbdClient;

/**
 * Random 4 KiB writes over a part of a disk, and what the disk must hold after them. Every write of a block has a content
 * of its own, so that an older one is not taken for the newest. The same seed writes the same.
 *
 * <p>Used by one thread; only {@link #writes()} may be called by others.
 */
final class Workload {
    static final int BLOCK_BYTES = 4096;
    /** As a file system or database under load has; the same for pair and bare disk. */
    static final int DEPTH = 32;

    private static final int READ_BYTES = 1 << 20;
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private final long firstBlock;
    private final int[] versions;
    private final AtomicLong writes = new AtomicLong();
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    private long random;

    /**
     * Makes one.
     *
     * @param firstBlock of the part of the disk that is written
     * @param blocks how many
     */
    Workload(long seed, long firstBlock, int blocks) {
        this.random = seed;
        this.firstBlock = firstBlock;
        this.versions = new int[blocks];
    }

    /** Writes so far. */
    long writes() {
        return writes.get();
    }

    /** Writes as long as it may, and ends with a FLUSH. */
    void run(NbdClient client, BooleanSupplier goOn) throws IOException {
        while (goOn.getAsBoolean()) {
            int index = nextIndex(client);
            versions[index]++;
            fill(block.clear(), index);
            client.write((firstBlock + index) * BLOCK_BYTES, block.flip(), DEPTH);
            writes.incrementAndGet();
        }
        client.flush();
    }

    /**
     * Reads the whole disk and compares.
     *
     * @return the first block that is not as it must be; -1 if all are
     */
    long verify(NbdClient client, BooleanSupplier goOn) throws IOException {
        ByteBuffer read = ByteBuffer.allocateDirect(READ_BYTES);
        long size = client.sizeBytes();
        for (long at = 0; at < size && goOn.getAsBoolean(); at += READ_BYTES) {
            read.clear().limit((int) Math.min(READ_BYTES, size - at));
            client.read(at, read);
            read.flip();
            for (long number = at / BLOCK_BYTES; read.hasRemaining(); number++) {
                expect(number);
                if (!read.slice(read.position(), BLOCK_BYTES).equals(block)) {
                    return number;
                }
                read.position(read.position() + BLOCK_BYTES);
            }
        }
        return -1;
    }

    private void expect(long number) {
        block.clear();
        long index = number - firstBlock;
        if (index >= 0 && index < versions.length && versions[(int) index] > 0) {
            fill(block, (int) index);
        } else {
            while (block.hasRemaining()) {
                block.putLong(0);
            }
        }
        block.flip();
    }

    /** The content of the newest version of a block. */
    private void fill(ByteBuffer into, int index) {
        long state = mix(((long) index << 32) ^ versions[index]);
        while (into.hasRemaining()) {
            state += GOLDEN;
            into.putLong(state ^ (state >>> 29));
        }
    }

    /** No block twice in flight: which one came last would be the server's to choose. */
    private int nextIndex(NbdClient client) throws IOException {
        if (versions.length <= DEPTH) {
            client.awaitAll();
        }
        while (true) {
            int index = (int) Long.remainderUnsigned(next(), versions.length);
            if (!client.isInFlight((firstBlock + index) * BLOCK_BYTES)) {
                return index;
            }
        }
    }

    private long next() {
        random += GOLDEN;
        return mix(random);
    }

    /** The finalizer of SplitMix64. */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
