package writeboost.engine.log;

/**
 * What the log holds at each position: 12 bytes per block, in primitive arrays. Superseded entries stay until their room
 * is reused. Positions of headers hold nothing of meaning.
 *
 * <p>The log's lock guards it.
 */
public final class EntryTable {
    private static final long ADDRESS_MASK = (1L << 40) - 1;
    private static final int KIND_SHIFT = 40;
    private static final int BAD_SHIFT = 47;
    private static final int VALID_SHIFT = 48;
    private static final int DIRTY_SHIFT = 56;

    /** Bits 0..39 address, 40..46 kind, 47 bad, 48..55 valid, 56..63 dirty. */
    private final long[] meta;

    private final int[] crc;

    EntryTable(int positions) {
        meta = new long[positions];
        crc = new int[positions];
    }

    void set(int position, long address, int kind, int valid, int dirty, int dataCrc) {
        meta[position] =
                address | (long) kind << KIND_SHIFT | (long) valid << VALID_SHIFT | (long) dirty << DIRTY_SHIFT;
        crc[position] = dataCrc;
    }

    /** The block. */
    public long address(int position) {
        return meta[position] & ADDRESS_MASK;
    }

    /** See {@link EntryKind}. */
    public int kind(int position) {
        return (int) (meta[position] >>> KIND_SHIFT) & 0x7F;
    }

    /** Whether the data was found to be unreadable. */
    public boolean isBad(int position) {
        return (meta[position] >>> BAD_SHIFT & 1) != 0;
    }

    /** Sectors that the entry holds. */
    public int valid(int position) {
        return (int) (meta[position] >>> VALID_SHIFT) & 0xFF;
    }

    /** Sectors that are not yet on the backing device. */
    public int dirty(int position) {
        return (int) (meta[position] >>> DIRTY_SHIFT) & 0xFF;
    }

    /** Checksum of the data. */
    public int crc(int position) {
        return crc[position];
    }

    /** Marks the data unreadable. */
    public void setBad(int position) {
        meta[position] |= 1L << BAD_SHIFT;
    }

    /** Marks the entry as being on the backing device. */
    public void setClean(int position) {
        meta[position] &= (1L << DIRTY_SHIFT) - 1;
    }
}
