package writeboost.engine.inspect;

import java.util.ArrayList;
import java.util.List;
import writeboost.engine.inspect.SegmentInfo.State;
import writeboost.engine.log.FoundChunks;

/** Sums up what lies in each segment. */
final class SegmentLister {
    private final LogPicture picture;
    private final int segments;
    private final long[] id;
    private final int[] used;
    private final int[] live;
    private final long[] firstSeq;
    private final long[] lastSeq;
    private final int[] dirty;
    private final int[] clean;
    private final int[] superseded;
    private final int[] damaged;

    SegmentLister(LogPicture picture) {
        this.picture = picture;
        segments = picture.geometry.segments();
        id = new long[segments];
        used = new int[segments];
        live = new int[segments];
        firstSeq = new long[segments];
        lastSeq = new long[segments];
        dirty = new int[segments];
        clean = new int[segments];
        superseded = new int[segments];
        damaged = new int[segments];
    }

    /** All segments, by slot. */
    List<SegmentInfo> list() {
        addFound();
        for (int i = 0; i < picture.chunks.size(); i++) {
            if (picture.chunks.place(i) >= 0) {
                addChunk(i);
            }
        }
        int last = picture.chunks.size() - 1;
        int head = last >= 0 && picture.chunks.place(last) >= 0 ? picture.slotOf(picture.chunks.place(last)) : -1;
        List<SegmentInfo> infos = new ArrayList<>(segments);
        for (int slot = 0; slot < segments; slot++) {
            infos.add(new SegmentInfo(
                    slot,
                    id[slot],
                    stateOf(slot, head),
                    live[slot],
                    firstSeq[slot],
                    lastSeq[slot],
                    used[slot],
                    dirty[slot],
                    clean[slot],
                    superseded[slot],
                    damaged[slot]));
        }
        return infos;
    }

    private State stateOf(int slot, int head) {
        if (slot == head) {
            return State.HEAD;
        }
        if (live[slot] == 0) {
            return State.FREE;
        }
        boolean waits = dirty[slot] > 0 || (lastSeq[slot] > picture.marks.tail() && hasRanges(slot));
        return waits ? State.DIRTY : State.CLEAN;
    }

    private boolean hasRanges(int slot) {
        for (long seq = Math.max(firstSeq[slot], picture.marks.tail() + 1); seq <= lastSeq[slot]; seq++) {
            int place = picture.chunks.place(picture.chunks.indexOf(seq));
            if (place >= 0
                    && picture.slotOf(place) == slot
                    && !picture.content.rangesAt(place).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private void addFound() {
        FoundChunks found = picture.survey.found();
        for (int i = 0; i < found.size(); i++) {
            use(found.place(i), found.segmentId(i), found.dataBlocks(i));
        }
    }

    private void use(int place, long segmentId, int dataBlocks) {
        int slot = picture.slotOf(place);
        if (segmentId > id[slot]) {
            id[slot] = segmentId;
            used[slot] = 0;
        }
        if (segmentId == id[slot]) {
            used[slot] = Math.max(used[slot], picture.offsetOf(place) + 1 + dataBlocks);
        }
    }

    private void addChunk(int i) {
        int place = picture.chunks.place(i);
        int slot = picture.slotOf(place);
        use(place, picture.chunks.segmentId(i), picture.chunks.dataBlocks(i));
        live[slot]++;
        firstSeq[slot] = firstSeq[slot] == 0 ? picture.chunks.seq(i) : firstSeq[slot];
        lastSeq[slot] = picture.chunks.seq(i);
        damaged[slot] += picture.chunks.source(i) == ChunkList.Source.COPY ? 1 : 0;
        dirty[slot] += picture.countOf(i, EntryState.DIRTY) + picture.countOf(i, EntryState.LOST);
        clean[slot] += picture.countOf(i, EntryState.CLEAN);
        superseded[slot] += picture.countOf(i, EntryState.SUPERSEDED);
    }
}
