package writeboost.engine.log;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.ForwardingDevice;
import writeboost.engine.fuzz.FuzzInput;

/**
 * A small cache image that an input spoils: bytes, whole blocks, blocks put in the place of others; on request with
 * checksums that fit, as no damage but only a hostile image has them. {@link #restore} undoes it all.
 */
public final class FuzzImage {
    private static final int EDITS_MAX = 64;
    private static final int CHUNKS = 14;
    /** By address and seq: to make the content anew took most of a fuzzer's time. */
    private static final Map<Long, Integer> CONTENT_CRC = new ConcurrentHashMap<>();

    private final LogImage image;
    private final byte[] whole;
    private final Map<Long, byte[]> before = new HashMap<>();
    private final List<Long> interesting = new ArrayList<>();
    private final Crc crc = new Crc();
    private boolean hostile;

    /** Makes the image: chunks of two incarnations with blocks and ranges, some written back, the last not durable. */
    public FuzzImage() {
        try {
            image = new LogImage();
            Incarnations table = new Incarnations();
            table.add(1, 1);
            for (int seq = 1; seq <= CHUNKS; seq++) {
                LogImage.Chunk c = image.chunk(seq).knowing(seq - 1, Math.min(3, seq - 1), 1);
                if (seq > 9) {
                    c.incarnation(2, 10);
                }
                c.blocks(seq * 3L, 1 + seq % 5).block(7, seq % 4 == 3 ? EntryKind.STAGED : EntryKind.WRITTEN);
                if (seq % 3 == 0) {
                    c.range(EntryKind.TRIM, 100 + seq, 20);
                }
                if (seq % 6 == 5) {
                    c.inFreshSegment();
                }
                c.write();
                interesting.add(c.byteOffset());
                interesting.add(c.byteOffset() + BLOCK_BYTES);
            }
            image.checkpoint(2, new Marks(9, 2, 1), false, 1, 1, table);
            table.add(2, 10);
            image.checkpoint(3, new Marks(12, 3, 1), false, 2, 10, table);
            whole = image.bytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        interesting.add(0L);
        interesting.add(Geometry.secondSuperblockByteOffset(whole.length));
        for (int slot = 0; slot < Geometry.CHECKPOINT_SLOTS; slot++) {
            interesting.add(Geometry.checkpointByteOffset(slot));
        }
    }

    /** The chunks that it holds, by seq from 1 on. */
    public static int chunks() {
        return CHUNKS;
    }

    /** Whether checksums were made to fit, or blocks put elsewhere: then it may say anything. */
    public boolean isHostile() {
        return hostile;
    }

    /** The device; it can't be written. */
    public BlockDevice device() {
        return new ReadOnly(image.cache);
    }

    /** The checksum of a block as a chunk holds it. */
    static int contentCrc(long address, long seq) {
        return CONTENT_CRC.computeIfAbsent(
                address << 8 | seq, key -> new Crc().of(LogImage.content(address, seq), 0, BLOCK_BYTES));
    }

    /** Spoils the image. */
    public void spoil(FuzzInput in) throws IOException {
        hostile = false;
        for (int edits = 0; !in.isEmpty() && edits < EDITS_MAX; edits++) {
            int how = in.next();
            long at = place(in);
            keep(at);
            ByteBuffer block = read(at);
            switch (how % 4) {
                case 0 -> block.put(in.nextShort() % BLOCK_BYTES, (byte) in.next());
                case 1 -> overwrite(block, in.nextShort() % BLOCK_BYTES, in.take(1 + in.next() % 32));
                case 2 -> Blocks.zero(block, 0, BLOCK_BYTES);
                default -> {
                    block = read(place(in));
                    hostile = true;
                }
            }
            image.cache.write(at, block.rewind());
            if (how >= 128) {
                hostile = true;
                mend(at);
            }
        }
    }

    /** Puts back what {@link #spoil} has changed. */
    public void restore() throws IOException {
        for (Map.Entry<Long, byte[]> kept : before.entrySet()) {
            image.cache.write(kept.getKey(), ByteBuffer.wrap(kept.getValue()));
        }
        before.clear();
    }

    private static void overwrite(ByteBuffer block, int at, byte[] with) {
        block.put(at, with, 0, Math.min(with.length, BLOCK_BYTES - at));
    }

    /** Mostly where something is. */
    private long place(FuzzInput in) {
        int which = in.next();
        if (which < 200) {
            return interesting.get(which % interesting.size());
        }
        return (long) (in.nextShort() % (whole.length / BLOCK_BYTES)) * BLOCK_BYTES;
    }

    private ByteBuffer read(long at) throws IOException {
        ByteBuffer block = Blocks.allocate(1);
        image.cache.read(at, block);
        return block.rewind();
    }

    private void keep(long at) {
        before.computeIfAbsent(at, key -> java.util.Arrays.copyOfRange(whole, (int) at, (int) at + BLOCK_BYTES));
    }

    /** Makes the checksum of the structure at a place fit, if one is there. */
    private void mend(long at) throws IOException {
        ByteBuffer block = read(at);
        long magic = block.getLong(0);
        if (magic == Superblock.magic("WBSUPER1") || magic == ChunkHeader.MAGIC) {
            block.putInt(ChunkHeader.CRC_AT, crc.ofStructure(block, 0, BLOCK_BYTES, ChunkHeader.CRC_AT));
            image.cache.write(at, block.rewind());
        } else if (magic == Superblock.magic("WBCHKPT1")) {
            mendCheckpoint(at, block.getInt(88));
        }
    }

    private void mendCheckpoint(long at, int length) throws IOException {
        boolean possible = length >= BLOCK_BYTES && length <= Checkpoint.MAX_BYTES && length % BLOCK_BYTES == 0;
        if (!possible) {
            return;
        }
        ByteBuffer all = Blocks.allocate(length / BLOCK_BYTES);
        image.cache.read(at, all);
        all.rewind();
        all.putInt(Checkpoint.CRC_AT, crc.ofStructure(all, 0, length, Checkpoint.CRC_AT));
        image.cache.write(at, all.limit(BLOCK_BYTES));
    }

    /** A device that nobody may write: looking changes nothing. */
    private static final class ReadOnly extends ForwardingDevice {
        ReadOnly(BlockDevice inner) {
            super(inner);
        }

        @Override
        public void write(long offsetBytes, ByteBuffer from) {
            throw new AssertionError("looking at a cache wrote to it");
        }

        @Override
        public void sync() {
            throw new AssertionError("looking at a cache synced it");
        }

        @Override
        public void discard(long offsetBytes, long lengthBytes) {
            throw new AssertionError("looking at a cache discarded a part of it");
        }

        @Override
        public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) {
            throw new AssertionError("looking at a cache zeroed a part of it");
        }
    }
}
