package writeboost.app.gui;

import javafx.geometry.BoundingBox;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;

/** The pen or the broom: a frame around a cell, and a label beside it. */
final class TapeMarker {
    private static final double GAP = 6;
    /** A frame around a cell of two pixels would not be seen. */
    private static final double FRAME_MIN = 10;

    private final Region frame = new Region();
    private final Label label;
    private @Nullable Bounds place;

    TapeMarker(String text, Node icon, String style) {
        label = new Label(text, icon);
        label.getStyleClass().addAll("marker-label", style);
        frame.getStyleClass().addAll("marker", style);
        frame.setMouseTransparent(true);
        label.setMouseTransparent(true);
        hide();
    }

    void addTo(Pane pane) {
        pane.getChildren().addAll(frame, label);
    }

    void hide() {
        frame.setVisible(false);
        label.setVisible(false);
        place = null;
    }

    /** Where the label lies, or null if it is not shown. */
    @Nullable Bounds place() {
        return place;
    }

    /**
     * Puts it around a cell; the label goes where it is in nobody's way.
     *
     * @param taken where the other label lies, or null
     */
    void show(double x, double y, double side, Bounds area, @Nullable Bounds taken) {
        double size = Math.max(FRAME_MIN, side + 4);
        double centreX = x + side / 2;
        double centreY = y + side / 2;
        frame.setVisible(true);
        frame.resizeRelocate(Math.rint(centreX - size / 2), Math.rint(centreY - size / 2), size, size);
        label.setVisible(true);
        label.applyCss();
        double width = Math.ceil(label.prefWidth(-1));
        double height = Math.ceil(label.prefHeight(-1));
        double right = centreX + size / 2 + GAP;
        double left = centreX - size / 2 - GAP - width;
        double middle = centreY - height / 2;
        double[][] candidates = {
            {right, middle},
            {left, middle},
            {right, centreY + size / 2 + GAP},
            {left, centreY + size / 2 + GAP},
            {right, centreY - size / 2 - GAP - height},
            {left, centreY - size / 2 - GAP - height},
        };
        Bounds best = null;
        for (double[] at : candidates) {
            Bounds tried = new BoundingBox(Math.rint(at[0]), Math.rint(at[1]), width, height);
            boolean inside = tried.getMinX() >= area.getMinX() && tried.getMaxX() <= area.getMaxX();
            if (inside && (taken == null || !taken.intersects(tried))) {
                best = tried;
                break;
            }
        }
        Bounds chosen = best == null ? new BoundingBox(Math.rint(right), Math.rint(middle), width, height) : best;
        label.resizeRelocate(chosen.getMinX(), chosen.getMinY(), width, height);
        place = chosen;
    }
}
