package writeboost.app.gui;

import javafx.geometry.Bounds;
import javafx.scene.control.Label;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;
import writeboost.app.gui.model.SegmentText;
import writeboost.app.gui.model.TapeLayout;
import writeboost.app.gui.model.TapePalette;
import writeboost.engine.cache.SegmentMap;

/** Tells about one segment of the tape: a frame around its cell, a hint beside it, and a lens where cells are small. */
final class TapePointer {
    private static final int LENS_COLUMNS = 15;
    private static final int LENS_ROWS = 9;
    private static final int LENS_PITCH = 14;
    private static final int LENS_GAP = 2;
    private static final double LENS_PADDING = 8;
    /** Between the cell and what tells about it. */
    private static final double GAP = 8;

    private final Region frame = new Region();
    private final Label hint = new Label();
    private final Pane lens = new Pane();
    private final Region middle = new Region();
    private @Nullable TapePicture magnified;
    private @Nullable TapePalette palette;

    TapePointer() {
        frame.getStyleClass().add("pointed");
        middle.getStyleClass().add("pointed");
        middle.setManaged(false);
        hint.setId("hint");
        hint.getStyleClass().add("hint");
        lens.setId("lens");
        lens.getStyleClass().add("lens");
        frame.setMouseTransparent(true);
        hint.setMouseTransparent(true);
        lens.setMouseTransparent(true);
        hide();
    }

    void addTo(Pane pane) {
        pane.getChildren().addAll(frame, lens, hint);
    }

    void hide() {
        frame.setVisible(false);
        hint.setVisible(false);
        lens.setVisible(false);
    }

    /** What it says now. */
    String text() {
        return hint.getText();
    }

    /**
     * Tells about a segment.
     *
     * @param cell where it is
     * @param area which it may cover
     */
    void show(SegmentMap map, TapeLayout layout, int slot, long headId, Bounds cell, Bounds area, TapePalette colours) {
        frame.setVisible(true);
        frame.resizeRelocate(cell.getMinX() - 1, cell.getMinY() - 1, cell.getWidth() + 2, cell.getHeight() + 2);
        hint.setText(SegmentText.of(map, slot, headId));
        hint.setVisible(true);
        hint.applyCss();
        double width = Math.ceil(hint.prefWidth(-1));
        double height = Math.ceil(hint.prefHeight(-1));
        double below = cell.getMaxY() + GAP;
        lens.setVisible(layout.needsLens());
        double lensHeight = layout.needsLens() ? magnify(map, layout, slot, colours) + GAP / 2 : 0;
        boolean fits = below + lensHeight + height <= area.getMaxY();
        double top = fits ? below : Math.max(area.getMinY(), cell.getMinY() - GAP - lensHeight - height);
        lens.relocate(within(area, cell.getCenterX(), lens.getWidth()), Math.rint(top));
        hint.resizeRelocate(within(area, cell.getCenterX(), width), Math.rint(top + lensHeight), width, height);
    }

    private static double within(Bounds area, double centre, double width) {
        return Math.rint(Math.max(area.getMinX(), Math.min(area.getMaxX() - width, centre - width / 2)));
    }

    /** Shows the cells around one larger; returns the height that this takes. */
    private double magnify(SegmentMap map, TapeLayout layout, int slot, TapePalette colours) {
        byte[] around = new byte[LENS_COLUMNS * LENS_ROWS];
        int firstColumn = slot % layout.columns() - LENS_COLUMNS / 2;
        int firstRow = slot / layout.columns() - LENS_ROWS / 2;
        for (int i = 0; i < around.length; i++) {
            int column = firstColumn + i % LENS_COLUMNS;
            int at = (firstRow + i / LENS_COLUMNS) * layout.columns() + column;
            boolean exists = column >= 0 && column < layout.columns() && at >= 0 && at < map.cells().length;
            around[i] = exists ? map.cells()[at] : 0;
        }
        TapePicture picture = lensPicture(colours);
        picture.show(new SegmentMap(map.snapshotId(), around, -1, -1, -1));
        TapeLayout large = picture.layout();
        lens.resize(large.width() + 2 * LENS_PADDING, large.height() + 2 * LENS_PADDING);
        return large.height() + 2 * LENS_PADDING;
    }

    private TapePicture lensPicture(TapePalette colours) {
        TapePicture now = magnified;
        if (now != null && colours.equals(palette)) {
            return now;
        }
        TapeLayout large = TapeLayout.of(LENS_COLUMNS * LENS_ROWS, LENS_COLUMNS, LENS_PITCH, LENS_PITCH, LENS_GAP);
        TapePicture made = new TapePicture(large, colours, false, 1);
        made.view().relocate(LENS_PADDING, LENS_PADDING);
        int centre = large.segments() / 2;
        middle.resizeRelocate(
                LENS_PADDING + large.x(centre) - 1,
                LENS_PADDING + large.y(centre) - 1,
                large.cellWidth() + 2,
                large.cellHeight() + 2);
        lens.getChildren().setAll(made.view(), middle);
        magnified = made;
        palette = colours;
        return made;
    }
}
