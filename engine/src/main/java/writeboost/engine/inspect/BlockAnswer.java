package writeboost.engine.inspect;

import java.util.List;
import writeboost.engine.inspect.BlockHistory.Version;
import writeboost.engine.log.Geometry;
import writeboost.engine.log.RangeEntry;

/** Says in words what a read of a block gives. */
final class BlockAnswer {
    private static final int ALL = 0xFF;

    private BlockAnswer() {}

    static String of(LogPicture picture, long address, List<Version> versions) {
        RangeEntry range = picture.rangeThatCounts(address);
        if (range != null) {
            return range.seq() > picture.marks.tail()
                    ? "zeros: it was trimmed or zeroed, which is not yet carried out on the backing device"
                    : "what the backing device has: a trim or zeroing of the block is carried out there";
        }
        Version counts = null;
        for (Version v : versions) {
            if (v.counts() && v.entry().offset() != null) {
                counts = v;
            }
        }
        return counts == null ? "what the backing device has: the cache does not know the block" : of(counts);
    }

    private static String of(Version v) {
        EntryInfo e = v.entry();
        String place = "segment " + v.segmentId() + ", block " + e.offset();
        String others = e.valid() == ALL ? "" : ", the others from the backing device";
        if (e.state() == EntryState.LOST) {
            return "an error for sectors " + sectors(e.valid()) + ": their data was lost" + others;
        }
        String what = e.valid() == ALL ? "the data in " + place : "sectors " + sectors(e.valid()) + " from " + place;
        if (e.data() != EntryInfo.Data.OK) {
            return e.state() == EntryState.CLEAN
                    ? "what the backing device has: the copy in " + place + " is damaged"
                    : "an error for sectors " + sectors(e.valid()) + ": the data in " + place + " is damaged, and the"
                            + " backing device does not have it" + others;
        }
        return what
                + others
                + (e.state() == EntryState.CLEAN
                        ? "; the backing device has the same"
                        : "; the backing device does not have it yet");
    }

    /** The sectors of a mask, as a list. */
    static String sectors(int mask) {
        StringBuilder text = new StringBuilder();
        for (int s = 0; s < Geometry.BLOCK_SECTORS; s++) {
            if ((mask >> s & 1) != 0) {
                text.append(text.isEmpty() ? "" : ", ").append(s);
            }
        }
        return text.toString();
    }
}
