package writeboost.app.gui.model;

import java.nio.IntBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import writeboost.engine.cache.SegmentMap;

/**
 * Paints the cells of the tape into pixels; only those that have changed since it painted last. Used by one thread.
 *
 * <p>A cell is filled from below as far as its segment is: first what is on both disks, above it what is only on the SSD.
 * Cells of fewer than {@value #DETAIL_FROM} pixels have one colour.
 */
public final class TapePainter {
    private static final int DETAIL_FROM = 4;
    /** Steps in which clean cells pale with age: few, so that few cells change as the pen walks on. */
    private static final int AGE_STEPS = 8;

    private final TapeLayout layout;
    private final TapePalette palette;
    private final boolean byAge;
    private final IntBuffer pixels;
    private final int stride;
    private final int[] painted; // what a cell looks like now: its byte, and its age above that
    private @Nullable Meaning highlighted;

    /** The part of the picture that has changed, in pixels. */
    public record Changed(int x, int y, int width, int height, int cells) {}

    /**
     * Makes one for pixels that hold nothing yet.
     *
     * @param pixels rows of {@code layout.width()} ARGB values
     * @param byAge whether colours tell the age rather than what is where
     */
    public TapePainter(TapeLayout layout, TapePalette palette, boolean byAge, IntBuffer pixels) {
        this.layout = layout;
        this.palette = palette;
        this.byAge = byAge;
        this.pixels = pixels;
        this.stride = layout.width();
        this.painted = new int[layout.segments()];
        Arrays.fill(painted, -1);
        for (int i = 0; i < stride * layout.height(); i++) {
            pixels.put(i, palette.background());
        }
    }

    /** Lets the cells of one meaning stand out; null for none. */
    public void highlight(@Nullable Meaning meaning) {
        if (meaning != highlighted) {
            highlighted = meaning;
            Arrays.fill(painted, -1);
        }
    }

    /** Brings the picture up to date; null if nothing has changed. */
    public @Nullable Changed paint(SegmentMap map) {
        int first = Integer.MAX_VALUE;
        int last = -1;
        int cells = 0;
        byte[] now = map.cells();
        int count = Math.min(now.length, painted.length);
        for (int slot = 0; slot < count; slot++) {
            byte cell = now[slot];
            int age = SegmentMap.isFree(cell) ? 0 : ageStep(map, slot);
            int look = (cell & 0xFF) | (age << 8);
            if (painted[slot] != look) {
                painted[slot] = look;
                paint(slot, cell, age / (double) AGE_STEPS);
                first = Math.min(first, slot);
                last = slot;
                cells++;
            }
        }
        if (last < 0) {
            return null;
        }
        int top = layout.y(first);
        int bottom = Math.min(layout.height(), layout.y(last) + layout.cell());
        return new Changed(0, top, stride, bottom - top, cells);
    }

    /** How far behind the pen a segment lies, which is how old it is, in steps. */
    private static int ageStep(SegmentMap map, int slot) {
        if (map.headSlot() < 0) {
            return 0;
        }
        int segments = map.cells().length;
        int behind = map.headSlot() - slot;
        if (behind < 0) {
            behind += segments;
        }
        return (int) ((long) behind * AGE_STEPS / segments);
    }

    private void paint(int slot, byte cell, double age) {
        int x = layout.x(slot);
        int y = layout.y(slot);
        int side = layout.cell();
        boolean dimmed = highlighted != null && highlighted != Meaning.of(cell);
        if (side < DETAIL_FROM) {
            fill(x, y, side, side, tone(colour(cell, age), dimmed));
            return;
        }
        fill(x, y, side, side, tone(palette.free(), dimmed && highlighted != Meaning.FREE));
        if (SegmentMap.isFree(cell)) {
            return;
        }
        int used = Math.max(2, (int) Math.round(side * SegmentMap.fill(cell)));
        int dirty = (int) Math.ceil(used * SegmentMap.dirty(cell));
        int below = byAge ? palette.age(age) : palette.clean(age);
        int above = byAge ? palette.age(age) : palette.dirty();
        fill(x, y + side - used, side, dirty, tone(above, dimmed));
        fill(x, y + side - used + dirty, side, used - dirty, tone(below, dimmed));
        if (SegmentMap.isDamaged(cell)) {
            hatch(x, y, side);
        }
    }

    private int colour(byte cell, double age) {
        return switch (Meaning.of(cell)) {
            case DAMAGED -> palette.damaged();
            case FREE -> palette.free();
            case DIRTY -> byAge ? palette.age(age) : palette.dirty();
            case CLEAN -> byAge ? palette.age(age) : palette.clean(age);
        };
    }

    private int tone(int colour, boolean dimmed) {
        return dimmed ? TapePalette.mix(colour, palette.background(), 0.7) : colour;
    }

    private void fill(int x, int y, int width, int height, int colour) {
        for (int row = y; row < y + height; row++) {
            int from = row * stride + x;
            for (int i = from; i < from + width; i++) {
                pixels.put(i, colour);
            }
        }
    }

    private void hatch(int x, int y, int side) {
        for (int row = 0; row < side; row++) {
            for (int column = 0; column < side; column++) {
                int colour = (row + column) % 4 < 1 ? palette.hatch() : palette.damaged();
                pixels.put((y + row) * stride + x + column, colour);
            }
        }
    }
}
