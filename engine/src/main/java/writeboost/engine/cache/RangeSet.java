package writeboost.engine.cache;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import writeboost.engine.log.RangeEntry;

/**
 * The trimmed and zeroed ranges that replay would still see.
 *
 * <p>Kept twice: painted, newest on top, as disjoint intervals that tell the newest range over a block; and, for those
 * that are not yet written back, as the list of what was logged. A range at or below the tail (<i>dead</i>) still hides the older
 * entries that it covers, until {@code oldest} passes it, but makes no block known.
 *
 * <p>Not thread-safe; the lock of the cached disk guards its own.
 */
public final class RangeSet {
    /** Above this many ranges not written back, and four times as many intervals, none is taken any more: a hint may be refused. */
    static final int MAX_RANGES = 64 * 1024;

    /** Positions of the log for each range that a small cache takes: ranges then need no more memory than blocks do. */
    private static final int POSITIONS_PER_RANGE = 4;

    /** An interval of the painting, up to {@code end}, and the range that is seen there. */
    private record Interval(long end, RangeEntry range) {}

    private final TreeMap<Long, Interval> painted = new TreeMap<>();
    private final Deque<RangeEntry> live = new ArrayDeque<>();
    private final int maxRanges;

    /** For a log of any size. */
    public RangeSet() {
        maxRanges = MAX_RANGES;
    }

    /** For a log of so many positions. */
    RangeSet(int positions) {
        maxRanges = maxFor(positions);
    }

    /** How many ranges may wait in a log of so many positions. */
    static int maxFor(int positions) {
        return Math.min(MAX_RANGES, positions / POSITIONS_PER_RANGE);
    }

    boolean isEmpty() {
        return painted.isEmpty();
    }

    boolean hasRoom() {
        return live.size() < maxRanges && painted.size() < 4 * maxRanges;
    }

    /** How many are not written back. */
    public int liveCount() {
        return live.size();
    }

    /** Those not written back, oldest first. */
    public List<RangeEntry> live() {
        return List.copyOf(live);
    }

    /** The newest range over a block, or null. */
    public @Nullable RangeEntry over(long address) {
        if (painted.isEmpty()) {
            return null;
        }
        Map.Entry<Long, Interval> e = painted.floorEntry(address);
        return e != null && address < e.getValue().end ? e.getValue().range : null;
    }

    /** The end of the stretch, beginning at a block, in which {@link #over} gives the same answer. */
    long sameUntil(long address) {
        Map.Entry<Long, Interval> e = painted.floorEntry(address);
        if (e != null && address < e.getValue().end) {
            return e.getValue().end;
        }
        Long next = painted.higherKey(address);
        return next == null ? Long.MAX_VALUE : next;
    }

    /** Adds a range newer than all others; those at or below the tail are dead. */
    public void add(RangeEntry range, long tail) {
        long start = range.address();
        long end = range.endAddress();
        split(start);
        split(end);
        painted.subMap(start, end).clear();
        painted.put(start, new Interval(end, range));
        if (range.seq() > tail) {
            live.add(range);
        }
    }

    private void split(long at) {
        Map.Entry<Long, Interval> e = painted.lowerEntry(at);
        if (e != null && at < e.getValue().end) {
            Interval whole = e.getValue();
            painted.put(e.getKey(), new Interval(at, whole.range));
            painted.put(at, whole);
        }
    }

    /** The ranges of the chunks up to a seq that are not written back, oldest first. */
    List<RangeEntry> liveUpTo(long seq) {
        List<RangeEntry> ranges = new ArrayList<>();
        for (RangeEntry r : live) {
            if (r.seq() > seq) {
                break;
            }
            ranges.add(r);
        }
        return ranges;
    }

    /** The tail has moved, durably. */
    void tailMoved(long tail) {
        while (!live.isEmpty() && live.peek().seq() <= tail) {
            live.remove();
        }
    }

    /** Oldest has moved, durably: the ranges before it hide nothing any more. */
    void evictBelow(long oldest) {
        painted.values().removeIf(i -> i.range.seq() < oldest);
    }
}
