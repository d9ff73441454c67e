package writeboost.app.gui.model;

import java.nio.IntBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import writeboost.engine.cache.SegmentMap;

/**
 * Paints the cells of the tape into pixels; only those that have changed since it painted last. Used by one thread.
 *
 * <p>A cell is filled from below as far as its segment is: first what is on both disks, above it what is only on the SSD.
 * Cells of fewer than {@value #DETAIL_FROM} pixels have one colour. Damage is hatched.
 */
public final class TapePainter {
    private static final int DETAIL_FROM = 4;
    /** Steps in which clean cells pale with age: few, so that few cells change as the pen walks on. */
    private static final int AGE_STEPS = 8;
    /** Smaller cells have sharp corners. */
    private static final int ROUND_FROM = 12;
    /** How far corners fade into the background. */
    private static final double ROUND = 0.75;
    /** How far cells that are not spoken of fade into the background. */
    private static final double DIMMED = 0.7;

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
        int bottom = Math.min(layout.height(), layout.y(last) + layout.cellHeight());
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
        int height = layout.cellHeight();
        boolean dimmed = highlighted != null && highlighted != Meaning.of(cell);
        if (SegmentMap.isDamaged(cell)) {
            hatch(x, y, dimmed);
        } else {
            fill(cell, age, x, y, dimmed);
        }
        if (height >= ROUND_FROM) {
            round(x, y);
        }
    }

    private void fill(byte cell, double age, int x, int y, boolean dimmed) {
        int width = layout.cellWidth();
        int height = layout.cellHeight();
        if (Math.min(width, height) < DETAIL_FROM) {
            fill(x, y, width, height, tone(colour(cell, age), dimmed));
            return;
        }
        fill(x, y, width, height, tone(palette.free(), dimmed));
        if (SegmentMap.isFree(cell)) {
            return;
        }
        int used = Math.max(2, (int) Math.round(height * SegmentMap.fill(cell)));
        int dirty = (int) Math.ceil(used * SegmentMap.dirty(cell));
        int below = byAge ? palette.age(age) : palette.clean(age);
        int above = byAge ? palette.age(age) : palette.dirty();
        fill(x, y + height - used, width, dirty, tone(above, dimmed));
        fill(x, y + height - used + dirty, width, used - dirty, tone(below, dimmed));
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
        return dimmed ? TapePalette.mix(colour, palette.background(), DIMMED) : colour;
    }

    private void fill(int x, int y, int width, int height, int colour) {
        for (int row = y; row < y + height; row++) {
            int from = row * stride + x;
            for (int i = from; i < from + width; i++) {
                pixels.put(i, colour);
            }
        }
    }

    /** Takes the edge off the four corners of a cell. */
    private void round(int x, int y) {
        for (int row : new int[] {y, y + layout.cellHeight() - 1}) {
            for (int column : new int[] {x, x + layout.cellWidth() - 1}) {
                int at = row * stride + column;
                pixels.put(at, TapePalette.mix(pixels.get(at), palette.background(), ROUND));
            }
        }
    }

    /** Damage is told by its pattern too, also where a cell has four pixels. */
    private void hatch(int x, int y, boolean dimmed) {
        int period = Math.min(layout.cellWidth(), layout.cellHeight()) < DETAIL_FROM ? 2 : 4;
        int colour = tone(palette.damaged(), dimmed);
        for (int row = 0; row < layout.cellHeight(); row++) {
            for (int column = 0; column < layout.cellWidth(); column++) {
                boolean line = (row + column) % period < 1;
                pixels.put((y + row) * stride + x + column, line ? palette.hatch() : colour);
            }
        }
    }
}
