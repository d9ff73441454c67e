package writeboost.engine.log;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import writeboost.engine.device.MemoryDevice;

/**
 * A cache device whose log a test writes chunk by chunk: as the engine would have, or as damage and power cuts leave it.
 * Small segments, so that a few chunks go round.
 */
final class LogImage {
    static final int SEGMENT_BLOCKS = 16;
    static final int SEGMENTS = 32;
    static final UUID CACHE = new UUID(0x0123456789ABCDEFL, 0xFEDCBA9876543210L);
    static final UUID PAIR = new UUID(1, 2);
    static final long BACKING_BYTES = 64 << 20;

    final MemoryDevice cache = new MemoryDevice("cache", Geometry.minCacheBytes(SEGMENT_BLOCKS));
    final MemoryDevice backing = new MemoryDevice("backing", BACKING_BYTES);
    final Superblock superblock;
    final Geometry geometry;
    private @Nullable Chunk last;

    LogImage() throws IOException {
        superblock = LogFormat.format(cache, backing, CACHE, PAIR, SEGMENT_BLOCKS, 1_700_000_000_000L);
        geometry = superblock.geometry();
    }

    /** The data of a block, as a chunk with this seq holds it in these tests. */
    static ByteBuffer content(long address, long seq) {
        ByteBuffer b = Blocks.allocate(1);
        for (int i = 0; i < BLOCK_BYTES; i += 16) {
            b.putLong(i, address * 31 + i).putLong(i + 8, seq);
        }
        return b;
    }

    /** Begins a chunk; unless told otherwise it follows the one written last, is of its incarnation and knows what it knew. */
    Chunk chunk(long seq) {
        return new Chunk(seq);
    }

    /** Writes both copies of a checkpoint of an incarnation and its first seq, which stands for the whole table. */
    void checkpoint(long generation, Marks marks, long incarnation, long firstSeq) throws IOException {
        Incarnations table = new Incarnations();
        table.add(incarnation, firstSeq);
        checkpoint(generation, marks, false, incarnation, firstSeq, table);
    }

    void checkpoint(long generation, Marks marks, boolean clean, long incarnation, long firstSeq, Incarnations table)
            throws IOException {
        Checkpoint c =
                new Checkpoint(generation, incarnation, firstSeq, marks, 1, clean, table, Fingerprint.measure(backing));
        int slot = 2 * (int) (generation % 2);
        for (int copy = 0; copy < 2; copy++) {
            ByteBuffer bytes = Blocks.allocate(Geometry.CHECKPOINT_BLOCKS);
            c.encode(CACHE, bytes, new Crc());
            cache.write(Geometry.checkpointByteOffset(slot + copy), bytes);
        }
    }

    OpenLog open() throws IOException {
        return OpenLog.open(cache, backing);
    }

    /** Flips a bit of a block of the log: 0 is the header of the chunk, 1 its first data block. */
    void damage(Chunk chunk, int block) throws IOException {
        long at = chunk.byteOffset() + (long) block * BLOCK_BYTES;
        ByteBuffer b = Blocks.allocate(1);
        cache.read(at, b);
        b.put(1000, (byte) (b.get(1000) ^ 4));
        cache.write(at, b.clear());
    }

    /** Makes a block of the log what it was before the chunk: zeros. */
    void erase(Chunk chunk, int block) throws IOException {
        cache.write(chunk.byteOffset() + (long) block * BLOCK_BYTES, Blocks.allocate(1));
    }

    /** The whole content of the cache device. */
    byte[] bytes() throws IOException {
        ByteBuffer all = ByteBuffer.allocate((int) cache.sizeBytes());
        cache.read(0, all);
        return all.array();
    }

    /** Puts the content back that {@link #bytes} gave. */
    void restore(byte[] bytes) throws IOException {
        cache.write(0, ByteBuffer.wrap(bytes));
    }

    /** A chunk that is being made. */
    final class Chunk {
        final ChunkBuffer buffer = new ChunkBuffer(0, SEGMENT_BLOCKS);
        private final long seq;
        private long incarnation = 1;
        private long firstSeq = 1;
        private Marks marks = new Marks(0, 0, 1);
        private long segmentId;
        private int offset = -1;
        private boolean freshSegment;
        private @Nullable Chunk before = last;
        private UUID uuid = CACHE;

        Chunk(long seq) {
            this.seq = seq;
            buffer.open(seq, SEGMENT_BLOCKS - 1, 0, 1);
            if (last != null) {
                incarnation = last.incarnation;
                firstSeq = last.firstSeq;
                marks = last.marks;
            }
        }

        Chunk block(long address) {
            return block(address, EntryKind.WRITTEN);
        }

        Chunk block(long address, int kind) {
            ByteBuffer content = content(address, seq);
            int data = buffer.addBlock(address, kind, 0xFF, kind == EntryKind.STAGED ? 0 : 0xFF, crc(content));
            buffer.memory().put(ChunkBuffer.dataAt(data), content, 0, BLOCK_BYTES);
            return this;
        }

        /** So many blocks in a row. */
        Chunk blocks(long address, int count) {
            for (int i = 0; i < count; i++) {
                block(address + i);
            }
            return this;
        }

        Chunk range(int kind, long address, long lengthBlocks) {
            buffer.addRange(address, lengthBlocks, kind);
            return this;
        }

        Chunk incarnation(long number, long itsFirstSeq) {
            incarnation = number;
            firstSeq = itsFirstSeq;
            return this;
        }

        /** What the log knew when it wrote this. */
        Chunk knowing(long durable, long tail, long oldest) {
            marks = new Marks(durable, tail, oldest);
            return this;
        }

        Chunk at(long itsSegmentId, int itsOffset) {
            segmentId = itsSegmentId;
            offset = itsOffset;
            return this;
        }

        Chunk inFreshSegment() {
            freshSegment = true;
            return this;
        }

        /** The chunk before, of which the header carries a copy; null for none. */
        Chunk after(@Nullable Chunk chunkBefore) {
            before = chunkBefore;
            return this;
        }

        Chunk ofCache(UUID other) {
            uuid = other;
            return this;
        }

        Chunk write() throws IOException {
            findPlace();
            encode();
            cache.write(byteOffset(), bytes());
            last = this;
            return this;
        }

        /** Writes only the header. */
        Chunk writeHeader() throws IOException {
            findPlace();
            encode();
            cache.write(byteOffset(), bytes().limit(BLOCK_BYTES));
            last = this;
            return this;
        }

        /** Encodes it for its place without writing it. */
        ByteBuffer bytes() {
            return buffer.memory()
                    .duplicate()
                    .clear()
                    .limit(buffer.lengthBytes())
                    .order(buffer.memory().order());
        }

        private void findPlace() {
            if (offset >= 0) {
                return;
            }
            Chunk previous = last;
            if (previous == null) {
                at(1, 0);
                return;
            }
            int end = previous.offset + 1 + previous.buffer.dataBlocks();
            if (freshSegment || end + 1 + buffer.dataBlocks() > SEGMENT_BLOCKS) {
                at(previous.segmentId + 1, 0);
            } else {
                at(previous.segmentId, end);
            }
        }

        private void encode() {
            byte[] copy = new byte[ChunkHeader.MAX_ENTRIES * ChunkHeader.ENTRY_BYTES];
            int copied = 0;
            if (before != null) {
                before.buffer.copyEntries(copy);
                copied = before.buffer.entries;
                buffer.previousDataBlocks = before.buffer.dataBlocks();
                buffer.previousSegmentId = before.segmentId;
                buffer.previousOffset = before.offset;
                buffer.previousIncarnation = before.incarnation;
            }
            buffer.encodeEntries(copy, copied);
            buffer.segmentId = segmentId;
            buffer.offset = offset;
            buffer.reason = CloseReason.FLUSH;
            buffer.encodeHeader(uuid, slot(), incarnation, firstSeq, marks, 1, true);
        }

        int slot() {
            return geometry.slotOf(segmentId);
        }

        long segmentId() {
            return segmentId;
        }

        int offset() {
            return offset;
        }

        int position() {
            return geometry.position(slot(), offset);
        }

        /** Where its header lies on the device. */
        long byteOffset() {
            return geometry.byteOffset(position());
        }

        private int crc(ByteBuffer content) {
            return new Crc().of(content, 0, BLOCK_BYTES);
        }
    }
}
