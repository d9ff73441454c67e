package writeboost.app.gui;

import javafx.css.PseudoClass;
import javafx.geometry.BoundingBox;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;
import writeboost.app.gui.model.Texts;

/** The pen or the broom: a frame around a cell, a tip that says which way it walks, and a label beside it. */
final class TapeMarker {
    /** Between the frame, tip included, and the label. */
    private static final double GAP = 8;
    /** A frame around a cell of two pixels would not be seen. */
    private static final double FRAME_MIN = 12;

    private static final double TIP_WIDTH = 6;
    private static final double TIP_HEIGHT = 10;

    private static final PseudoClass WALKS = PseudoClass.getPseudoClass("walks");

    private final Region frame = new Region();
    private final Region tip = new Region();
    private final Label label;
    private final String key;
    private final boolean ahead;
    private @Nullable Bounds place;

    /**
     * Makes one.
     *
     * @param key of its text; with {@code .rests} after it, of that while it does not walk
     * @param ahead whether the label goes before the marker, where it walks, or behind it
     */
    TapeMarker(String key, Node icon, String style, boolean ahead) {
        this.key = key;
        this.ahead = ahead;
        label = new Label("", icon);
        label.setId("marker-" + style);
        label.getStyleClass().addAll("marker-label", style);
        frame.getStyleClass().addAll("marker", style);
        tip.getStyleClass().addAll("marker-tip", style);
        frame.setMouseTransparent(true);
        tip.setMouseTransparent(true);
        label.setMouseTransparent(true);
        walks(false);
        hide();
    }

    /** Lets it show whether it walks on now. */
    final void walks(boolean walks) {
        label.setText(Texts.get(walks ? key : key + ".rests"));
        label.pseudoClassStateChanged(WALKS, walks);
        frame.pseudoClassStateChanged(WALKS, walks);
        tip.pseudoClassStateChanged(WALKS, walks);
    }

    void addTo(Pane pane) {
        pane.getChildren().addAll(frame, tip, label);
    }

    final void hide() {
        frame.setVisible(false);
        tip.setVisible(false);
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
    void show(Bounds cell, Bounds area, @Nullable Bounds taken) {
        double width = Math.max(FRAME_MIN, cell.getWidth() + 4);
        double height = Math.max(FRAME_MIN, cell.getHeight() + 4);
        double x = Math.rint(cell.getCenterX() - width / 2);
        double y = Math.rint(cell.getCenterY() - height / 2);
        frame.setVisible(true);
        frame.resizeRelocate(x, y, width, height);
        tip.setVisible(true);
        tip.resizeRelocate(x + width - 1, Math.rint(y + (height - TIP_HEIGHT) / 2), TIP_WIDTH, TIP_HEIGHT);
        label.setVisible(true);
        label.applyCss();
        Bounds chosen = placeOfLabel(new BoundingBox(x, y, width + TIP_WIDTH, height), area, taken);
        label.resizeRelocate(chosen.getMinX(), chosen.getMinY(), chosen.getWidth(), chosen.getHeight());
        place = chosen;
    }

    private Bounds placeOfLabel(Bounds marker, Bounds area, @Nullable Bounds taken) {
        double width = Math.ceil(label.prefWidth(-1));
        double height = Math.ceil(label.prefHeight(-1));
        double right = marker.getMaxX() + GAP;
        double left = marker.getMinX() - GAP - width;
        double middle = marker.getCenterY() - height / 2;
        double under = Math.max(area.getMinX(), Math.min(area.getMaxX() - width, marker.getCenterX() - width / 2));
        double below = marker.getMaxY() + GAP;
        double above = marker.getMinY() - GAP - height;
        // the pen walks into what is free, and the broom leaves what is done: there a label hides nothing of interest
        double[][] candidates = ahead
                ? new double[][] {{right, middle}, {under, below}, {left, middle}, {under, above}}
                : new double[][] {{left, middle}, {under, above}, {right, middle}, {under, below}};
        Bounds first = null;
        for (double[] at : candidates) {
            Bounds tried = new BoundingBox(Math.rint(at[0]), Math.rint(at[1]), width, height);
            boolean inside = tried.getMinX() >= area.getMinX()
                    && tried.getMaxX() <= area.getMaxX()
                    && tried.getMinY() >= area.getMinY() - height / 2
                    && tried.getMaxY() <= area.getMaxY() + height / 2;
            if (inside && (taken == null || !taken.intersects(tried))) {
                return tried;
            }
            first = first == null ? tried : first;
        }
        return first == null ? new BoundingBox(right, middle, width, height) : first;
    }
}
