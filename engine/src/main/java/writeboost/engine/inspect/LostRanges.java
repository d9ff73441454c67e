package writeboost.engine.inspect;

import java.util.ArrayList;
import java.util.List;
import writeboost.engine.inspect.RescueReport.Range;

/** Ranges of the disk, noted in its order; neighbours for the same reason become one. */
final class LostRanges {
    private final List<Range> ranges = new ArrayList<>();

    void add(long offsetBytes, long lengthBytes, String why) {
        int last = ranges.size() - 1;
        if (last >= 0) {
            Range before = ranges.get(last);
            if (before.offsetBytes() + before.lengthBytes() == offsetBytes
                    && before.why().equals(why)) {
                ranges.set(last, new Range(before.offsetBytes(), before.lengthBytes() + lengthBytes, why));
                return;
            }
        }
        ranges.add(new Range(offsetBytes, lengthBytes, why));
    }

    List<Range> list() {
        return List.copyOf(ranges);
    }
}
