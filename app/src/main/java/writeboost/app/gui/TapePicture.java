package writeboost.app.gui;

import java.nio.IntBuffer;
import javafx.geometry.Rectangle2D;
import javafx.scene.image.ImageView;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import org.jspecify.annotations.Nullable;
import writeboost.app.gui.model.Meaning;
import writeboost.app.gui.model.TapeLayout;
import writeboost.app.gui.model.TapePainter;
import writeboost.app.gui.model.TapePalette;
import writeboost.engine.cache.SegmentMap;

/** A picture of cells on the screen, of one layout and one palette; only what has changed goes to the screen anew. */
final class TapePicture {
    private final TapeLayout layout;
    private final TapePainter painter;
    private final PixelBuffer<IntBuffer> pixels;
    private final ImageView view;

    /**
     * Makes one.
     *
     * @param scale pixels of the screen for one of the scene
     */
    TapePicture(TapeLayout layout, TapePalette palette, boolean byAge, double scale) {
        this.layout = layout;
        int width = Math.max(1, layout.width());
        int height = Math.max(1, layout.height());
        IntBuffer buffer = IntBuffer.allocate(width * height);
        painter = new TapePainter(layout, palette, byAge, buffer);
        pixels = new PixelBuffer<>(width, height, buffer, PixelFormat.getIntArgbPreInstance());
        view = new ImageView(new WritableImage(pixels));
        view.setFitWidth(width / scale);
        view.setFitHeight(height / scale);
        view.setSmooth(false);
        view.setMouseTransparent(true);
    }

    ImageView view() {
        return view;
    }

    TapeLayout layout() {
        return layout;
    }

    void highlight(@Nullable Meaning meaning) {
        painter.highlight(meaning);
    }

    void show(SegmentMap map) {
        TapePainter.Changed changed = painter.paint(map);
        if (changed != null) {
            pixels.updateBuffer(buffer -> new Rectangle2D(changed.x(), changed.y(), changed.width(), changed.height()));
        }
    }
}
