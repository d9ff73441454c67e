package writeboost.engine.log;

/**
 * A logged range.
 *
 * @param seq of its chunk
 * @param dataBefore data blocks of its chunk that were logged before it: those from this index on are newer
 * @param address first block
 * @param lengthBlocks at least 1
 * @param kind {@link EntryKind#TRIM}, {@link EntryKind#ZERO} or {@link EntryKind#ZERO_NO_HOLE}
 */
public record RangeEntry(long seq, int dataBefore, long address, long lengthBlocks, int kind) {
    /** The first block behind it. */
    public long endAddress() {
        return address + lengthBlocks;
    }
}
