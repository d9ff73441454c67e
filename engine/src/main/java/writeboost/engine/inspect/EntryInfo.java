package writeboost.engine.inspect;

import org.jspecify.annotations.Nullable;

/**
 * An entry of a chunk.
 *
 * @param kind written, staged, reinserted, lost, trim, zero or zero_no_hole
 * @param address block of the disk, or the first of the range
 * @param lengthBlocks 1, or the length of the range
 * @param offset of its data block in the segment; null for a range
 * @param valid bit <i>i</i>: it holds sector <i>i</i> of the block; 0 for a range
 * @param dirty bit <i>i</i>: sector <i>i</i> was not on the backing device when the entry was written; 0 for a range
 * @param crc checksum that the data should have, in hexadecimal; empty for a range
 * @param data whether it has it
 * @param state what it is worth; of a range: dirty, clean (carried out on the backing device) or dead
 */
public record EntryInfo(
        String kind,
        long address,
        long lengthBlocks,
        @Nullable Integer offset,
        int valid,
        int dirty,
        String crc,
        Data data,
        EntryState state) {

    /** What its data is like. */
    public enum Data {
        OK,
        DAMAGED,
        UNREADABLE,
        /** It has none, or its content means nothing. */
        NONE
    }
}
