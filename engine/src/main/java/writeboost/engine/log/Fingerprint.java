package writeboost.engine.log;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongPredicate;
import writeboost.engine.device.BlockDevice;

/**
 * Checksums of the first and the last MiB of the backing device, block by block, by which a disk that was changed
 * elsewhere is recognised. A block that we are about to change is <i>unknown</i> from before that, durably, until its new content
 * is known and durable; one whose content we changed without knowing all of it, until it is measured again. So what is known
 * holds after a crash too, wherever that came.
 *
 * <p>Not thread-safe; the log's lock guards the one of a running log.
 */
final class Fingerprint {
    /** Blocks in all. */
    static final int MAX_BLOCKS = 512;

    private final int[] crcs;
    private final BitSet unknown;

    private Fingerprint(int[] crcs, BitSet unknown) {
        this.crcs = crcs;
        this.unknown = unknown;
    }

    static Fingerprint unknown(long backingBytes) {
        int blocks = (int) Math.min(MAX_BLOCKS, backingBytes / BLOCK_BYTES / 2 * 2);
        BitSet unknown = new BitSet(blocks);
        unknown.set(0, blocks);
        return new Fingerprint(new int[blocks], unknown);
    }

    static Fingerprint measure(BlockDevice backing) throws IOException {
        Fingerprint f = unknown(backing.sizeBytes());
        f.measureAnew(backing);
        return f;
    }

    int blocks() {
        return crcs.length;
    }

    /** The index of a block of the disk among those of the fingerprint, or -1. */
    int indexOf(long address, long backingBytes) {
        int half = crcs.length / 2;
        long fromEnd = backingBytes / BLOCK_BYTES - 1 - address;
        if (address < half) {
            return (int) address;
        }
        return fromEnd >= 0 && fromEnd < half ? crcs.length - 1 - (int) fromEnd : -1;
    }

    long addressOf(int index, long backingBytes) {
        int half = crcs.length / 2;
        return index < half ? index : backingBytes / BLOCK_BYTES - crcs.length + index;
    }

    void set(int index, int crc) {
        crcs[index] = crc;
        unknown.clear(index);
    }

    void forget(int index) {
        unknown.set(index);
    }

    /** Forgets the blocks of a range. Returns whether any of them was known. */
    boolean forget(long fromAddress, long endAddress, long backingBytes) {
        int half = crcs.length / 2;
        long firstBehind = backingBytes / BLOCK_BYTES - half;
        int before = unknown.cardinality();
        if (fromAddress < half) {
            unknown.set((int) fromAddress, (int) Math.min(half, endAddress));
        }
        if (endAddress > firstBehind) {
            int from = half + (int) Math.max(0, fromAddress - firstBehind);
            int end = half + (int) Math.min(half, endAddress - firstBehind);
            unknown.set(Math.min(from, end), end);
        }
        return unknown.cardinality() > before;
    }

    boolean isUnknown(int index) {
        return unknown.get(index);
    }

    int crc(int index) {
        return crcs[index];
    }

    void measureAnew(BlockDevice backing) throws IOException {
        measureAnew(backing, address -> false);
    }

    /** As {@link #measureAnew(BlockDevice)}, but of what is unknown that stays so which is {@code doubtful}. Returns whether any is. */
    boolean measureAnew(BlockDevice backing, LongPredicate doubtful) throws IOException {
        BitSet stays = new BitSet(crcs.length);
        unknown.stream()
                .filter(i -> doubtful.test(addressOf(i, backing.sizeBytes())))
                .forEach(stays::set);
        unknown.set(0, crcs.length);
        measureUnknown(backing);
        unknown.or(stays);
        return !stays.isEmpty();
    }

    private void measureUnknown(BlockDevice backing) throws IOException {
        Crc crc = new Crc();
        int half = crcs.length / 2;
        ByteBuffer run = Blocks.allocate(half);
        for (int from = unknown.nextSetBit(0); from >= 0; from = unknown.nextSetBit(from)) {
            int end = Math.min(unknown.nextClearBit(from), from < half ? half : crcs.length);
            run.clear().limit((end - from) * BLOCK_BYTES);
            backing.read(addressOf(from, backing.sizeBytes()) * BLOCK_BYTES, run);
            for (int i = from; i < end; i++) {
                set(i, crc.of(run, (i - from) * BLOCK_BYTES, BLOCK_BYTES));
            }
        }
    }

    /** The blocks that are known here and are not the same there, by address. */
    Set<Long> differing(Fingerprint now, long backingBytes) {
        Set<Long> differing = new HashSet<>();
        for (int i = 0; i < Math.min(blocks(), now.blocks()); i++) {
            if (!isUnknown(i) && crc(i) != now.crc(i)) {
                differing.add(addressOf(i, backingBytes));
            }
        }
        return differing;
    }

    Fingerprint copy() {
        return new Fingerprint(crcs.clone(), (BitSet) unknown.clone());
    }

    void encode(ByteBuffer b, int at) {
        for (int i = 0; i < crcs.length; i++) {
            if (unknown.get(i)) {
                b.put(at + i / 8, (byte) (b.get(at + i / 8) | 1 << i % 8));
            }
            b.putInt(at + MAX_BLOCKS / 8 + 4 * i, crcs[i]);
        }
    }

    static Fingerprint decode(ByteBuffer b, int at, int blocks) {
        int[] crcs = new int[blocks];
        BitSet unknown = new BitSet(blocks);
        for (int i = 0; i < blocks; i++) {
            crcs[i] = b.getInt(at + MAX_BLOCKS / 8 + 4 * i);
            unknown.set(i, (b.get(at + i / 8) >> i % 8 & 1) != 0);
        }
        return new Fingerprint(crcs, unknown);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Fingerprint f && Arrays.equals(crcs, f.crcs) && unknown.equals(f.unknown);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(crcs);
    }
}
