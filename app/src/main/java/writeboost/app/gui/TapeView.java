package writeboost.app.gui;

import javafx.geometry.BoundingBox;
import javafx.geometry.Bounds;
import javafx.scene.control.Label;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;
import writeboost.app.gui.model.Meaning;
import writeboost.app.gui.model.SegmentText;
import writeboost.app.gui.model.TapeLayout;
import writeboost.app.gui.model.TapePalette;
import writeboost.app.gui.model.Texts;
import writeboost.engine.cache.SegmentMap;

/** The tape: every segment of the log as a cell at a fixed place, with the pen that writes and the broom that follows. */
final class TapeView extends Pane {
    private static final int LENS_COLUMNS = 15;
    private static final int LENS_ROWS = 9;
    private static final int LENS_PITCH = 14;

    private final TapeMarker pen = new TapeMarker(Texts.get("tape.pen"), Icons.pen(), "pen");
    private final TapeMarker broom = new TapeMarker(Texts.get("tape.broom"), Icons.broom(), "broom");
    private final Region pointed = new Region();
    private final Label hint = new Label();
    private final Pane lens = new Pane();
    private final Pane cells = new Pane();

    private boolean writing = true;
    private boolean moving = true;
    private TapePalette palette = TapePalette.LIGHT;
    private boolean byAge;
    private @Nullable Meaning highlighted;
    private @Nullable SegmentMap map;
    private @Nullable TapePicture picture;
    private double pointerX = -1;
    private double pointerY = -1;

    TapeView() {
        setId("tape");
        getStyleClass().add("tape");
        setFocusTraversable(true);
        setMinSize(200, 120);
        cells.setManaged(false);
        pointed.getStyleClass().add("pointed");
        pointed.setMouseTransparent(true);
        pointed.setVisible(false);
        hint.getStyleClass().add("hint");
        hint.setMouseTransparent(true);
        hint.setVisible(false);
        lens.getStyleClass().add("lens");
        lens.setMouseTransparent(true);
        lens.setVisible(false);
        getChildren().add(cells);
        pen.addTo(this);
        broom.addTo(this);
        getChildren().addAll(pointed, lens, hint);
        setOnMouseMoved(event -> point(event.getX(), event.getY()));
        setOnMouseExited(event -> point(-1, -1));
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

    /** Shows the pen while the pair is served, and the broom while there is something to move. */
    void markers(boolean newWriting, boolean newMoving) {
        if (writing != newWriting || moving != newMoving) {
            writing = newWriting;
            moving = newMoving;
            mark();
        }
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
        point(-1, -1);
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
        if (pointerX >= 0) {
            point(pointerX, pointerY);
        }
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
        mark(pen, writing ? now.headSlot() : -1, layout, null);
        mark(broom, writing && moving ? now.tailSlot() : -1, layout, pen.place());
    }

    private void mark(TapeMarker marker, int slot, TapeLayout layout, @Nullable Bounds taken) {
        if (slot < 0 || slot >= layout.segments()) {
            marker.hide();
            return;
        }
        double scale = scale();
        Bounds area = new BoundingBox(0, 0, getWidth(), getHeight());
        marker.show(
                left(layout) + layout.x(slot) / scale,
                top(layout) + layout.y(slot) / scale,
                layout.cell() / scale,
                area,
                taken);
    }

    private void point(double x, double y) {
        pointerX = x;
        pointerY = y;
        SegmentMap now = map;
        TapePicture shown = picture;
        int slot = -1;
        if (now != null && shown != null && x >= 0) {
            TapeLayout layout = shown.layout();
            slot = layout.slotAt((x - left(layout)) * scale(), (y - top(layout)) * scale());
        }
        if (slot < 0 || now == null || shown == null) {
            pointed.setVisible(false);
            hint.setVisible(false);
            lens.setVisible(false);
            return;
        }
        point(now, shown.layout(), slot);
    }

    private void point(SegmentMap now, TapeLayout layout, int slot) {
        double side = layout.cell() / scale();
        double x = left(layout) + layout.x(slot) / scale();
        double y = top(layout) + layout.y(slot) / scale();
        pointed.setVisible(true);
        pointed.resizeRelocate(x - 1, y - 1, side + 2, side + 2);
        hint.setText(SegmentText.of(now, slot));
        hint.setVisible(true);
        hint.applyCss();
        double width = Math.ceil(hint.prefWidth(-1));
        double height = Math.ceil(hint.prefHeight(-1));
        double below = y + side + 10;
        boolean magnify = layout.needsLens();
        lens.setVisible(magnify);
        if (magnify) {
            below += magnify(now, layout, slot, x, y + side + 10) + 4;
        }
        double hintX = Math.max(0, Math.min(getWidth() - width, x - width / 2));
        boolean fits = below + height <= getHeight();
        hint.resizeRelocate(Math.rint(hintX), Math.rint(fits || magnify ? below : y - 10 - height), width, height);
    }

    /** Shows the cells around the pointer larger; returns the height that it takes. */
    private double magnify(SegmentMap now, TapeLayout layout, int slot, double x, double y) {
        byte[] around = new byte[LENS_COLUMNS * LENS_ROWS];
        int column = slot % layout.columns() - LENS_COLUMNS / 2;
        int row = slot / layout.columns() - LENS_ROWS / 2;
        for (int i = 0; i < around.length; i++) {
            int c = column + i % LENS_COLUMNS;
            int s = (row + i / LENS_COLUMNS) * layout.columns() + c;
            boolean exists = c >= 0 && c < layout.columns() && s >= 0 && s < now.cells().length;
            around[i] = exists ? now.cells()[s] : 0;
        }
        TapeLayout large = new TapeLayout(around.length, LENS_COLUMNS, LENS_ROWS, LENS_PITCH, 2);
        TapePicture magnified = new TapePicture(large, palette, false, 1);
        magnified.show(new SegmentMap(now.snapshotId(), around, -1, -1, -1));
        double width = large.width() + 16;
        double height = large.height() + 16;
        Region middle = new Region();
        middle.getStyleClass().add("pointed");
        int centre = around.length / 2;
        middle.resizeRelocate(8 + large.x(centre) - 1, 8 + large.y(centre) - 1, large.cell() + 2, large.cell() + 2);
        magnified.view().relocate(8, 8);
        lens.getChildren().setAll(magnified.view(), middle);
        lens.resizeRelocate(
                Math.rint(Math.max(0, Math.min(getWidth() - width, x - width / 2))), Math.rint(y), width, height);
        return height;
    }
}
