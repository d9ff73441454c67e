package writeboost.app.gui.model;

import java.util.Locale;
import writeboost.engine.cache.SegmentMap;

/** What there is to say about one segment. */
public final class SegmentText {
    private SegmentText() {}

    /** A few short lines. */
    public static String of(SegmentMap map, int slot) {
        byte cell = map.cells()[slot];
        String title = Texts.get(
                "segment.title",
                number(slot + 1),
                number(map.cells().length),
                writeboost.app.config.Sizes.format(512 << 10));
        StringBuilder text = new StringBuilder(title);
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
            int segments = map.cells().length;
            int behind = Math.floorMod(map.headSlot() - slot, segments);
            text.append('\n').append(Texts.get("segment.behind", number(behind)));
        }
        return text.toString();
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

    private static String number(int value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
