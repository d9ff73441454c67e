package writeboost.app.gui.model;

import org.jspecify.annotations.Nullable;

/**
 * Where the cells of the tape lie: rows like text, left to right, top to bottom. Everything in whole pixels of the screen.
 *
 * <p>Cells are nearly squares, so that the tape fills its frame and its last row is full wherever the number of
 * segments allows it.
 *
 * @param pitchX from the left edge of a cell to that of the next
 * @param pitchY from the upper edge of a row to that of the next
 * @param gap between cells, part of both
 */
public record TapeLayout(int segments, int columns, int rows, int pitchX, int pitchY, int gap) {
    /** Below this a cell is too small to point at, and a lens helps. */
    public static final int LENS_BELOW = 6;
    /** More would look like tiles rather than a tape. */
    private static final int PITCH_MAX = 48;
    /** A cell that is longer than this many times its other side would look like a bar. */
    private static final double LONGEST = 1.5;
    /** A full last row is worth cells that are smaller by this factor. */
    private static final double FULL_ROWS = 1.25;

    /** The largest cells with which all segments fit, all rows full if that costs little. */
    public static TapeLayout fit(int segments, int width, int height) {
        @Nullable TapeLayout best = null;
        double bestScore = 0;
        for (int high = PITCH_MAX; high > 0; high--) {
            int widest = Math.min(PITCH_MAX, longest(high));
            for (int wide = 1; wide <= widest; wide++) {
                if (high > longest(wide)) {
                    continue;
                }
                TapeLayout tried = fit(segments, width, height, wide, high);
                double score = tried == null ? 0 : tried.score();
                if (tried != null && score > bestScore) {
                    best = tried;
                    bestScore = score;
                }
            }
        }
        return best != null ? best : of(segments, Math.max(1, width), 1, 1, 0);
    }

    private static int longest(int otherSide) {
        return (int) Math.ceil(otherSide * LONGEST);
    }

    private static @Nullable TapeLayout fit(int segments, int width, int height, int wide, int high) {
        int gap = gap(Math.min(wide, high));
        int columns = (width + gap) / wide;
        int rows = (height + gap) / high;
        return columns > 0 && (long) columns * rows >= segments
                ? of(segments, neat(segments, columns, rows), wide, high, gap)
                : null;
    }

    private double score() {
        double square = (double) Math.min(pitchX, pitchY) / Math.max(pitchX, pitchY);
        double area = pitchX * pitchY * Math.sqrt(square);
        return segments % columns == 0 ? area * FULL_ROWS : area;
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
    public static TapeLayout of(int segments, int columns, int pitchX, int pitchY, int gap) {
        return new TapeLayout(segments, columns, Math.max(1, (segments + columns - 1) / columns), pitchX, pitchY, gap);
    }

    private static int gap(int pitch) {
        return pitch >= 8 ? 2 : pitch >= 4 ? 1 : 0;
    }

    /** Width of a cell. */
    public int cellWidth() {
        return pitchX - gap;
    }

    /** Height of a cell. */
    public int cellHeight() {
        return pitchY - gap;
    }

    /** Whether the cells are too small to point at. */
    public boolean needsLens() {
        return Math.min(cellWidth(), cellHeight()) < LENS_BELOW;
    }

    /** Pixels that the picture takes. */
    public int width() {
        return columns * pitchX - gap;
    }

    /** Pixels that the picture takes. */
    public int height() {
        return rows * pitchY - gap;
    }

    /** Left edge of a cell. */
    public int x(int slot) {
        return slot % columns * pitchX;
    }

    /** Upper edge of a cell. */
    public int y(int slot) {
        return slot / columns * pitchY;
    }

    /** The segment at a place of the picture, the gap after it included; -1 if there is none. */
    public int slotAt(double x, double y) {
        if (x < 0 || y < 0) {
            return -1;
        }
        int column = (int) (x / pitchX);
        long slot = (long) (int) (y / pitchY) * columns + column;
        return column < columns && slot < segments ? (int) slot : -1;
    }
}
