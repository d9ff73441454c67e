package writeboost.app.gui;

import javafx.geometry.BoundingBox;
import javafx.geometry.Bounds;
import javafx.scene.AccessibleAttribute;
import javafx.scene.AccessibleRole;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Pane;
import org.jspecify.annotations.Nullable;
import writeboost.app.gui.model.Meaning;
import writeboost.app.gui.model.TapeLayout;
import writeboost.app.gui.model.TapePalette;
import writeboost.app.gui.model.Texts;
import writeboost.engine.cache.SegmentMap;

/**
 * The tape: every segment of the log as a cell at a fixed place, with the pen that writes and the broom that follows. The
 * pointer, or the arrow keys, lead to a segment and what there is to say about it.
 */
final class TapeView extends Pane {
    private static final int NOWHERE = -1;

    private final TapeMarker pen = new TapeMarker("tape.pen", Icons.pen(), "pen", true);
    private final TapeMarker broom = new TapeMarker("tape.broom", Icons.broom(), "broom", false);
    private final TapePointer pointer = new TapePointer();
    private final Pane cells = new Pane();
    private final Runnable onMoved;

    private boolean served;
    private boolean waits;
    private long headId;
    private TapePalette palette = TapePalette.LIGHT;
    private boolean byAge;
    private @Nullable Meaning highlighted;
    private @Nullable SegmentMap map;
    private @Nullable TapePicture picture;
    private int pointed = NOWHERE;

    /**
     * Makes one.
     *
     * @param onMoved called when the cells lie elsewhere
     */
    TapeView(Runnable onMoved) {
        this.onMoved = onMoved;
        setId("tape");
        getStyleClass().add("tape");
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        setMinSize(200, 120);
        cells.setManaged(false);
        getChildren().add(cells);
        pen.addTo(this);
        broom.addTo(this);
        pointer.addTo(this);
        setOnMouseMoved(event -> point(slotAt(event.getX(), event.getY())));
        setOnMouseExited(event -> point(NOWHERE));
        setOnMousePressed(event -> requestFocus());
        setOnKeyPressed(this::walk);
        focusedProperty().addListener((property, before, now) -> point(now ? pointed : NOWHERE));
        widthProperty().addListener(observable -> rebuild());
        heightProperty().addListener(observable -> rebuild());
    }

    @Override
    protected void layoutChildren() {
        // everything is placed when it changes
    }

    void palette(TapePalette newPalette) {
        palette = newPalette;
        rebuild();
    }

    void byAge(boolean newByAge) {
        byAge = newByAge;
        rebuild();
    }

    /**
     * Shows the pen while the pair is served, and the broom while there is something to move.
     *
     * @param writing whether the pen moves
     * @param moving whether the broom does
     * @param newHeadId of the segment that is written
     */
    void markers(boolean newServed, boolean writing, boolean newWaits, boolean moving, long newHeadId) {
        headId = newHeadId;
        served = newServed;
        waits = newWaits;
        pen.walks(writing);
        broom.walks(moving);
        mark();
    }

    void highlight(@Nullable Meaning meaning) {
        highlighted = meaning;
        TapePicture now = picture;
        if (now != null && map != null) {
            now.highlight(meaning);
            now.show(map);
        }
    }

    void clear() {
        map = null;
        picture = null;
        cells.getChildren().clear();
        pen.hide();
        broom.hide();
        point(NOWHERE);
    }

    /** What it shows now. */
    @Nullable SegmentMap map() {
        return map;
    }

    void show(SegmentMap newMap) {
        SegmentMap before = map;
        map = newMap;
        if (picture == null || before == null || before.cells().length != newMap.cells().length) {
            rebuild();
            return;
        }
        picture.show(newMap);
        mark();
        point(pointed);
    }

    private void rebuild() {
        SegmentMap now = map;
        if (now == null || getWidth() < 10 || getHeight() < 10) {
            return;
        }
        double scale = scale();
        TapeLayout layout = TapeLayout.fit(now.cells().length, (int) (getWidth() * scale), (int) (getHeight() * scale));
        TapePicture fresh = new TapePicture(layout, palette, byAge, scale);
        fresh.highlight(highlighted);
        fresh.show(now);
        picture = fresh;
        cells.getChildren().setAll(fresh.view());
        cells.resizeRelocate(left(layout), top(layout), layout.width() / scale, layout.height() / scale);
        setAccessibleText(Texts.get("tape.accessible", now.cells().length));
        mark();
        point(pointed);
        onMoved.run();
    }

    /** Where the cells lie, in its own coordinates. */
    Bounds cells() {
        return cells.getBoundsInParent();
    }

    /** Pixels of the screen for one of the scene. */
    private double scale() {
        return getScene() == null || getScene().getWindow() == null
                ? 1
                : getScene().getWindow().getOutputScaleX();
    }

    private double left(TapeLayout layout) {
        return Math.floor((getWidth() - layout.width() / scale()) / 2);
    }

    private double top(TapeLayout layout) {
        return Math.floor((getHeight() - layout.height() / scale()) / 2);
    }

    private void mark() {
        SegmentMap now = map;
        TapePicture shown = picture;
        if (now == null || shown == null) {
            return;
        }
        TapeLayout layout = shown.layout();
        mark(pen, served ? now.headSlot() : NOWHERE, layout, null);
        mark(broom, served && waits ? now.tailSlot() : NOWHERE, layout, pen.place());
    }

    private void mark(TapeMarker marker, int slot, TapeLayout layout, @Nullable Bounds taken) {
        if (slot < 0 || slot >= layout.segments()) {
            marker.hide();
        } else {
            Bounds within = new BoundingBox(left(layout), 0, layout.width() / scale(), getHeight());
            marker.show(cell(layout, slot), within, taken);
        }
    }

    private Bounds cell(TapeLayout layout, int slot) {
        double scale = scale();
        return new BoundingBox(
                left(layout) + layout.x(slot) / scale,
                top(layout) + layout.y(slot) / scale,
                layout.cellWidth() / scale,
                layout.cellHeight() / scale);
    }

    private Bounds area() {
        return new BoundingBox(0, 0, getWidth(), getHeight());
    }

    private int slotAt(double x, double y) {
        TapePicture shown = picture;
        if (shown == null) {
            return NOWHERE;
        }
        TapeLayout layout = shown.layout();
        return layout.slotAt((x - left(layout)) * scale(), (y - top(layout)) * scale());
    }

    private void point(int slot) {
        pointed = slot;
        SegmentMap now = map;
        TapePicture shown = picture;
        if (slot < 0 || now == null || shown == null || slot >= shown.layout().segments()) {
            pointer.hide();
            return;
        }
        TapeLayout layout = shown.layout();
        pointer.show(now, layout, slot, headId, cell(layout, slot), area(), palette);
    }

    /** By keyboard: the arrows go from cell to cell, from the pen on; Escape lets go. */
    private void walk(KeyEvent event) {
        SegmentMap now = map;
        TapePicture shown = picture;
        if (now == null || shown == null) {
            return;
        }
        int step = step(event.getCode(), shown.layout().columns());
        boolean ends = event.getCode() == KeyCode.ESCAPE;
        if (step == 0 && !ends) {
            return;
        }
        int last = now.cells().length - 1;
        int to = pointed < 0 ? Math.max(0, now.headSlot()) : pointed + step;
        point(ends ? NOWHERE : to < 0 || to > last ? pointed : to);
        setAccessibleHelp(ends ? "" : pointer.text());
        notifyAccessibleAttributeChanged(AccessibleAttribute.HELP);
        event.consume();
    }

    private static int step(KeyCode key, int columns) {
        return switch (key) {
            case LEFT -> -1;
            case RIGHT -> 1;
            case UP -> -columns;
            case DOWN -> columns;
            default -> 0;
        };
    }
}
