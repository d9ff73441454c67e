package writeboost.app.gui.model;

import java.util.Locale;
import writeboost.app.config.Sizes;
import writeboost.engine.cache.SegmentMap;

/** What there is to say about one segment. */
public final class SegmentText {
    private static final String SEGMENT = Sizes.format(512 << 10);

    private SegmentText() {}

    /**
     * A few short lines.
     *
     * @param headId the id of a segment that was the newest about when the picture was made; 0 if that is not known
     */
    public static String of(SegmentMap map, int slot, long headId) {
        byte cell = map.cells()[slot];
        long id = id(map, slot, headId);
        boolean known = id > 0 && !SegmentMap.isFree(cell);
        StringBuilder text = new StringBuilder(known ? Texts.get("segment.id", number(id)) : place(map, slot));
        text.append('\n').append(content(cell));
        if (slot == map.headSlot()) {
            text.append('\n').append(Texts.get("segment.pen"));
        }
        if (slot == map.tailSlot()) {
            text.append('\n').append(Texts.get("segment.broom"));
        }
        if (slot == map.oldestSlot()) {
            text.append('\n').append(Texts.get("segment.oldest"));
        }
        if (!SegmentMap.isFree(cell) && map.headSlot() >= 0 && slot != map.headSlot()) {
            int behind = Math.floorMod(map.headSlot() - slot, map.cells().length);
            text.append('\n').append(Texts.get(behind == 1 ? "segment.behind_one" : "segment.behind", number(behind)));
        }
        if (known) {
            text.append('\n').append(place(map, slot));
        }
        return text.toString();
    }

    /**
     * The id of the segment at a place, or 0 if that is not known. Ids follow one another along the tape, so the place of one
     * of them tells the others; the one that is handed in may be a little older or newer than the picture.
     */
    static long id(SegmentMap map, int slot, long headId) {
        int segments = map.cells().length;
        if (headId <= 0 || map.headSlot() < 0) {
            return 0;
        }
        int ahead = Math.floorMod(map.headSlot() - Math.floorMod(headId - 1, segments), segments);
        long newest = headId + (ahead > segments / 2 ? ahead - segments : ahead);
        return Math.max(0, newest - Math.floorMod(map.headSlot() - slot, segments));
    }

    private static String place(SegmentMap map, int slot) {
        return Texts.get("segment.place", number(slot + 1), number(map.cells().length), SEGMENT);
    }

    private static String content(byte cell) {
        if (SegmentMap.isFree(cell)) {
            return Texts.get("segment.free");
        }
        String full = Quantities.percent(SegmentMap.fill(cell));
        double dirty = SegmentMap.dirty(cell);
        String what = dirty == 0
                ? Texts.get("segment.clean", full)
                : dirty == 1
                        ? Texts.get("segment.dirty", full)
                        : Texts.get("segment.mixed", full, Quantities.percent(dirty));
        return SegmentMap.isDamaged(cell) ? what + "\n" + Texts.get("segment.damaged") : what;
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
