package writeboost.engine.log;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * A chunk header as read from a device (docs/format.md section 4): its fields, and its entries where they lie.
 *
 * @param previous the place of the chunk before, and its entries; without entries if there is none
 */
public record ChunkHeader(
        long segmentId,
        int offset,
        long seq,
        long incarnation,
        long firstSeq,
        int dataBlocks,
        Marks marks,
        long generation,
        long wallTimeMs,
        CloseReason reason,
        boolean flushPoint,
        Entries entries,
        Previous previous) {

    static final int ENTRIES_AT = 256;
    static final int ENTRY_BYTES = 12;
    static final int CRC_AT = 12;
    static final int VERSION = 1;
    static final int FLAG_FLUSH_POINT = 1;
    static final long MAGIC = Superblock.magic("WBCHUNK1");

    /** The most entries of a chunk: the header holds those of two. */
    public static final int MAX_ENTRIES = (BLOCK_BYTES - ENTRIES_AT) / ENTRY_BYTES / 2;

    /** The chunk before: where it lies and what it holds. */
    public record Previous(long segmentId, int offset, long incarnation, int dataBlocks, Entries entries) {
        private boolean fits(Geometry geometry) {
            return segmentId >= 1
                    && Marks.isNumber(segmentId)
                    && offset >= 0
                    && endsInSegment(geometry, offset, dataBlocks)
                    && entries.fits(dataBlocks);
        }
    }

    /** Entries, encoded. Immutable. */
    public record Entries(ByteBuffer bytes, int count) {
        /** The block, or the first block of the range. */
        public long address(int i) {
            return address(bytes, ENTRY_BYTES * i);
        }

        /** See {@link EntryKind}. */
        public int kind(int i) {
            return bytes.get(ENTRY_BYTES * i + 5);
        }

        /** Valid sectors of a block. */
        public int valid(int i) {
            return bytes.get(ENTRY_BYTES * i + 6) & 0xFF;
        }

        /** Dirty sectors of a block. */
        public int dirty(int i) {
            return bytes.get(ENTRY_BYTES * i + 7) & 0xFF;
        }

        /** Checksum of a block's data. */
        public int crc(int i) {
            return bytes.getInt(ENTRY_BYTES * i + 8);
        }

        /** Length of a range in blocks. */
        public long lengthBlocks(int i) {
            return address(bytes, ENTRY_BYTES * i + 6);
        }

        private static long address(ByteBuffer b, int at) {
            return (b.getInt(at) & 0xFFFFFFFFL) | ((b.get(at + 4) & 0xFFL) << 32);
        }

        private boolean fits(int dataBlocks) {
            int blocks = 0;
            for (int i = 0; i < count; i++) {
                if (!isPossible(i)) {
                    return false;
                }
                blocks += EntryKind.isRange(kind(i)) ? 0 : 1;
            }
            return blocks == dataBlocks;
        }

        private boolean isPossible(int i) {
            if (!EntryKind.isKnown(kind(i))) {
                return false;
            }
            return EntryKind.isRange(kind(i)) ? lengthBlocks(i) > 0 : (dirty(i) & ~valid(i)) == 0;
        }
    }

    /**
     * Reads a header. Whatever the bytes are, this ends with a header that was written for exactly this place of this
     * cache, or with empty.
     *
     * @param at where in the buffer the block begins
     */
    static Optional<ChunkHeader> decode(
            ByteBuffer b, int at, UUID cacheUuid, Geometry geometry, int slot, int offset, Crc crc) {
        if (b.getLong(at) != MAGIC
                || b.getInt(at + 8) != VERSION
                || b.getInt(at + 40) != slot
                || b.getInt(at + 44) != offset
                || !Superblock.uuid(b, at + 16).equals(cacheUuid)
                || crc.ofStructure(b, at, BLOCK_BYTES, CRC_AT) != b.getInt(at + CRC_AT)) {
            return Optional.empty();
        }
        long id = b.getLong(at + 32);
        int dataBlocks = b.getInt(at + 72);
        int count = b.getInt(at + 76);
        int previousCount = b.getShort(at + 122) & 0xFFFF;
        long seq = b.getLong(at + 48);
        Marks marks = new Marks(b.getLong(at + 80), b.getLong(at + 88), b.getLong(at + 96));
        boolean possible = id >= 1
                && areNumbers(b, at)
                && geometry.slotOf(id) == slot
                && marks.arePossible()
                && marks.durable() < seq
                && b.getLong(at + 64) <= seq
                && endsInSegment(geometry, offset, dataBlocks)
                && count >= 1
                && count <= MAX_ENTRIES
                && previousCount <= MAX_ENTRIES;
        if (!possible) {
            return Optional.empty();
        }
        Entries entries = entries(b, at + ENTRIES_AT, count);
        Previous previous = new Previous(
                b.getLong(at + 128),
                b.getInt(at + 136),
                b.getLong(at + 144),
                b.getInt(at + 124),
                entries(b, at + ENTRIES_AT + ENTRY_BYTES * count, previousCount));
        if (!entries.fits(dataBlocks) || (previousCount > 0 && !previous.fits(geometry))) {
            return Optional.empty();
        }
        return Optional.of(new ChunkHeader(
                id,
                offset,
                seq,
                b.getLong(at + 56),
                b.getLong(at + 64),
                dataBlocks,
                marks,
                b.getLong(at + 104),
                b.getLong(at + 112),
                CloseReason.of(b.get(at + 120)),
                (b.get(at + 121) & FLAG_FLUSH_POINT) != 0,
                entries,
                previous));
    }

    private static boolean areNumbers(ByteBuffer b, int at) {
        return Marks.isNumber(b.getLong(at + 32))
                && Marks.isNumber(b.getLong(at + 48))
                && Marks.isNumber(b.getLong(at + 56))
                && Marks.isNumber(b.getLong(at + 64))
                && Marks.isNumber(b.getLong(at + 104));
    }

    /** How many of six fields, each of which alone would give a header away, are right for this place. Never proof. */
    public static int resemblance(ByteBuffer b, UUID cacheUuid, Geometry geometry, int slot, int offset) {
        long id = claimedSegmentId(b);
        int right = b.getLong(0) == MAGIC ? 1 : 0;
        right += b.getInt(8) == VERSION ? 1 : 0;
        right += Superblock.uuid(b, 16).equals(cacheUuid) ? 1 : 0;
        right += id >= 1 && geometry.slotOf(id) == slot ? 1 : 0;
        right += b.getInt(40) == slot ? 1 : 0;
        right += b.getInt(44) == offset ? 1 : 0;
        return right;
    }

    /** The segment id in a block that resembles a header. */
    public static long claimedSegmentId(ByteBuffer b) {
        return b.getLong(32);
    }

    /** The seq in a block that resembles a header. */
    public static long claimedSeq(ByteBuffer b) {
        return b.getLong(48);
    }

    private static boolean endsInSegment(Geometry geometry, int offset, int dataBlocks) {
        return dataBlocks >= 0 && dataBlocks < geometry.segmentBlocks() - (long) offset;
    }

    private static Entries entries(ByteBuffer b, int at, int count) {
        byte[] copy = new byte[ENTRY_BYTES * count];
        b.get(at, copy);
        return new Entries(ByteBuffer.wrap(copy).order(b.order()), count);
    }
}
