package writeboost.engine.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The entries of chunks as they are read back: of blocks by position, of ranges by the position of their header. */
public final class LogContent {
    private final EntryTable entries;
    private final Map<Integer, List<RangeEntry>> rangesByPlace = new HashMap<>();

    /** For a log of this layout. */
    public LogContent(Geometry geometry) {
        entries = new EntryTable(geometry.positions());
    }

    /** Notes the entries of a chunk whose header lies at a position. */
    public void apply(long seq, ChunkHeader.Entries from, int position) {
        int data = position + 1;
        List<RangeEntry> ranges = new ArrayList<>();
        for (int i = 0; i < from.count(); i++) {
            if (EntryKind.isRange(from.kind(i))) {
                ranges.add(
                        new RangeEntry(seq, data - position - 1, from.address(i), from.lengthBlocks(i), from.kind(i)));
            } else {
                entries.set(data++, from.address(i), from.kind(i), from.valid(i), from.dirty(i), from.crc(i));
            }
        }
        rangesByPlace.remove(position);
        if (!ranges.isEmpty()) {
            rangesByPlace.put(position, ranges);
        }
    }

    /** What each position holds. */
    public EntryTable entries() {
        return entries;
    }

    /** The ranges of the chunk whose header lies at a position. */
    public List<RangeEntry> rangesAt(int position) {
        return rangesByPlace.getOrDefault(position, List.of());
    }
}
