package writeboost.app.gui.model;

/**
 * Where the cells of the tape lie: rows like text, left to right, top to bottom. Everything in whole pixels of the screen.
 *
 * @param pitch from the left edge of a cell to that of the next
 * @param gap between cells, part of the pitch
 */
public record TapeLayout(int segments, int columns, int rows, int pitch, int gap) {
    /** Below this a cell is too small to point at, and a lens helps. */
    public static final int LENS_BELOW = 6;
    /** More would look like tiles rather than a tape. */
    private static final int PITCH_MAX = 40;

    /** The largest cells with which all segments fit. */
    public static TapeLayout fit(int segments, int width, int height) {
        for (int pitch = PITCH_MAX; pitch > 1; pitch--) {
            int gap = gap(pitch);
            int columns = (width + gap) / pitch;
            int rows = (height + gap) / pitch;
            if ((long) columns * rows >= segments && columns > 0) {
                return of(segments, neat(segments, columns, rows), pitch, gap);
            }
        }
        return of(segments, Math.max(1, width), 1, 0);
    }

    /** A few columns fewer, if then all rows are full. */
    private static int neat(int segments, int columns, int rows) {
        int fewest = Math.max((segments + rows - 1) / rows, columns * 4 / 5);
        for (int fewer = Math.min(columns, segments); fewer >= fewest && fewer > 0; fewer--) {
            if (segments % fewer == 0) {
                return fewer;
            }
        }
        return Math.min(columns, Math.max(1, segments));
    }

    /** One with a given number of columns, for the lens. */
    static TapeLayout of(int segments, int columns, int pitch, int gap) {
        return new TapeLayout(segments, columns, Math.max(1, (segments + columns - 1) / columns), pitch, gap);
    }

    private static int gap(int pitch) {
        return pitch >= 8 ? 2 : pitch >= 4 ? 1 : 0;
    }

    /** Side of a cell. */
    public int cell() {
        return pitch - gap;
    }

    /** Whether the cells are too small to point at. */
    public boolean needsLens() {
        return cell() < LENS_BELOW;
    }

    /** Pixels that the picture takes. */
    public int width() {
        return columns * pitch - gap;
    }

    /** Pixels that the picture takes. */
    public int height() {
        return rows * pitch - gap;
    }

    /** Left edge of a cell. */
    public int x(int slot) {
        return slot % columns * pitch;
    }

    /** Upper edge of a cell. */
    public int y(int slot) {
        return slot / columns * pitch;
    }

    /** The segment at a place of the picture, the gap after it included; -1 if there is none. */
    public int slotAt(double x, double y) {
        if (x < 0 || y < 0) {
            return -1;
        }
        int column = (int) (x / pitch);
        long slot = (long) (int) (y / pitch) * columns + column;
        return column < columns && slot < segments ? (int) slot : -1;
    }
}
