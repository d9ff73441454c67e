package writeboost.engine.log;

import static writeboost.engine.log.ChunkHeader.ENTRIES_AT;
import static writeboost.engine.log.ChunkHeader.ENTRY_BYTES;
import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.nio.ByteBuffer;
import java.util.UUID;
import writeboost.engine.error.Invariant;

/**
 * A RAM buffer: one chunk, from its first entry until it is durable.
 *
 * <p>Life: free - open (takes entries) - closed (immutable) - written (on the device, perhaps not durably) - free again
 * when durable. A failed sync takes it from written back to closed.
 *
 * <p>Invariants: data block <i>i</i> (counted from 0) lies at block 1 + <i>i</i> of {@link #memory}; its sectors that are
 * not valid are zero; its checksum is that of the whole block. The log's lock guards everything but the content of a
 * closed buffer, which does not change. The header block belongs to the log's writer while it writes.
 */
public final class ChunkBuffer {
    /** Where it is in its life. */
    enum State {
        FREE,
        OPEN,
        CLOSED,
        WRITTEN
    }

    /** Number of this buffer in its pool. */
    final int index;
    /** Header block and data blocks. */
    final ByteBuffer memory;
    /** The same memory, for the log's writer alone. */
    private final ByteBuffer written;

    private final long[] address;
    private final long[] lengthBlocks = new long[ChunkHeader.MAX_ENTRIES];
    private final byte[] kind = new byte[ChunkHeader.MAX_ENTRIES];
    private final byte[] valid = new byte[ChunkHeader.MAX_ENTRIES];
    private final byte[] dirty = new byte[ChunkHeader.MAX_ENTRIES];
    private final int[] crc = new int[ChunkHeader.MAX_ENTRIES];
    private final int[] entryOfData;
    private final long[] olderSeq;
    private final int[] olderData;
    private final int[] olderRam;
    private final Crc crcOf = new Crc();

    State state = State.FREE;
    long seq;
    int entries;
    int dataBlocks;
    /** Data blocks that it may take, so that it ends with its segment. */
    int dataLimit;
    /** Whether it is counted among those that will begin a segment. */
    boolean claimsSegment;

    /** Whether writeback opened it, in the room that is kept for that. */
    boolean ofWriteback;

    CloseReason reason = CloseReason.UNKNOWN;
    long openedNs;
    long openedMs;
    /** Where it was written last; meaningless before. */
    long segmentId;

    int offset;

    /** The chunk before: its entries are copied into the header when this one is closed. */
    int previousEntries;

    int previousDataBlocks;
    long previousSegmentId;
    int previousOffset;
    long previousIncarnation;

    ChunkBuffer(int index, int segmentBlocks) {
        this.index = index;
        memory = Blocks.allocate(segmentBlocks);
        written = memory.duplicate();
        address = new long[ChunkHeader.MAX_ENTRIES];
        entryOfData = new int[segmentBlocks];
        olderSeq = new long[segmentBlocks];
        olderData = new int[segmentBlocks];
        olderRam = new int[segmentBlocks];
    }

    void open(long newSeq, int limit, long nowNs, long nowMs) {
        Invariant.check(state == State.FREE, "only a free buffer is opened");
        state = State.OPEN;
        seq = newSeq;
        entries = 0;
        dataBlocks = 0;
        dataLimit = limit;
        openedNs = nowNs;
        openedMs = nowMs;
    }

    boolean isFull() {
        return dataBlocks >= dataLimit || entries >= ChunkHeader.MAX_ENTRIES;
    }

    /** Adds the entry of a block; its data block is the caller's to fill, under the same lock. */
    int addBlock(long block, int entryKind, int validSectors, int dirtySectors, int dataCrc) {
        int data = dataBlocks++;
        entryOfData[data] = entries;
        address[entries] = block;
        kind[entries] = (byte) entryKind;
        set(data, validSectors, dirtySectors, dataCrc);
        entries++;
        olderSeq[data] = 0;
        return data;
    }

    void addRange(long block, long length, int entryKind) {
        Invariant.check(length > 0, "a range has a length");
        address[entries] = block;
        lengthBlocks[entries] = length;
        kind[entries] = (byte) entryKind;
        entries++;
    }

    /** Says which entry of the block a data block supersedes: its chunk, its data block there, its RAM id or 0. */
    public void setOlder(int data, long chunkSeq, int chunkData, int ramId) {
        olderSeq[data] = chunkSeq;
        olderData[data] = chunkData;
        olderRam[data] = ramId;
    }

    public void set(int data, int validSectors, int dirtySectors, int dataCrc) {
        Invariant.check((dirtySectors & ~validSectors) == 0, "dirty sectors are valid ones");
        int e = entryOfData[data];
        valid[e] = (byte) validSectors;
        dirty[e] = (byte) dirtySectors;
        crc[e] = dataCrc;
    }

    /** Seq of the chunk. */
    public long seq() {
        return seq;
    }

    /** Wall time at which it was opened, in milliseconds. */
    public long openedMs() {
        return openedMs;
    }

    /** Number of data blocks so far. */
    public int dataBlocks() {
        return dataBlocks;
    }

    /** Header and data blocks. */
    public ByteBuffer memory() {
        return memory;
    }

    /** Header and data, to be written. For the log's writer. */
    ByteBuffer bytes() {
        return Blocks.part(written, 0, lengthBytes());
    }

    /** Where in {@link #memory} a data block begins, in bytes. */
    public static int dataAt(int data) {
        return (1 + data) * BLOCK_BYTES;
    }

    /** Block of a data block. */
    public long address(int data) {
        return address[entryOfData[data]];
    }

    /** Kind of the entry of a data block. */
    public int kind(int data) {
        return kind[entryOfData[data]];
    }

    /** Valid sectors of a data block. */
    public int valid(int data) {
        return valid[entryOfData[data]] & 0xFF;
    }

    /** Dirty sectors of a data block. */
    public int dirty(int data) {
        return dirty[entryOfData[data]] & 0xFF;
    }

    /** Checksum of a data block. */
    public int crc(int data) {
        return crc[entryOfData[data]];
    }

    /** Seq of the chunk of the entry that this one supersedes; 0 if there was none. */
    public long olderSeq(int data) {
        return olderSeq[data];
    }

    /** Its data block there. */
    public int olderData(int data) {
        return olderData[data];
    }

    /** Its RAM id, or 0 if it was durable already. */
    public int olderRam(int data) {
        return olderRam[data];
    }

    /** Bytes that a write of it takes. */
    int lengthBytes() {
        return (1 + dataBlocks) * BLOCK_BYTES;
    }

    /** Encodes the entries, and the copy of those of the chunk before, into the header block. */
    void encodeEntries(byte[] before, int beforeEntries) {
        Blocks.zero(memory, 0, BLOCK_BYTES);
        int at = ENTRIES_AT;
        for (int e = 0; e < entries; e++, at += ENTRY_BYTES) {
            putAddress(at, address[e]);
            memory.put(at + 5, kind[e]);
            if (EntryKind.isRange(kind[e])) {
                putAddress(at + 6, lengthBlocks[e]);
            } else {
                memory.put(at + 6, valid[e]).put(at + 7, dirty[e]).putInt(at + 8, crc[e]);
            }
        }
        memory.put(at, before, 0, ENTRY_BYTES * beforeEntries);
        previousEntries = beforeEntries;
    }

    /** Copies the encoded entries out of the header block. */
    void copyEntries(byte[] to) {
        memory.get(ENTRIES_AT, to, 0, ENTRY_BYTES * entries);
    }

    /** Fills in the fields of the header for a write to a place, and its checksum. */
    void encodeHeader(
            UUID cacheUuid,
            int slot,
            long incarnation,
            long firstSeq,
            Marks marks,
            long generation,
            boolean flushPoint) {
        ByteBuffer b = memory;
        b.putLong(0, ChunkHeader.MAGIC).putInt(8, ChunkHeader.VERSION);
        Superblock.putUuid(b, 16, cacheUuid);
        b.putLong(32, segmentId).putInt(40, slot).putInt(44, offset);
        b.putLong(48, seq).putLong(56, incarnation).putLong(64, firstSeq);
        b.putInt(72, dataBlocks).putInt(76, entries);
        b.putLong(80, marks.durable()).putLong(88, marks.tail()).putLong(96, marks.oldest());
        b.putLong(104, generation).putLong(112, openedMs);
        b.put(120, reason.number()).put(121, (byte) (flushPoint ? ChunkHeader.FLAG_FLUSH_POINT : 0));
        b.putShort(122, (short) previousEntries).putInt(124, previousDataBlocks);
        b.putLong(128, previousSegmentId).putInt(136, previousOffset).putLong(144, previousIncarnation);
        b.putInt(ChunkHeader.CRC_AT, crcOf.ofStructure(b, 0, BLOCK_BYTES, ChunkHeader.CRC_AT));
    }

    private void putAddress(int at, long block) {
        memory.putInt(at, (int) block).put(at + 4, (byte) (block >>> 32));
    }
}
