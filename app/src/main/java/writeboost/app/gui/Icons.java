package writeboost.app.gui;

import java.util.List;
import java.util.Objects;
import javafx.scene.image.Image;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignA;
import org.kordamp.ikonli.materialdesign2.MaterialDesignB;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignD;
import org.kordamp.ikonli.materialdesign2.MaterialDesignI;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;

/** The few icons of the window, and its own for the desktop. */
final class Icons {
    /** Sides in pixels; drawn from {@code icons/writeboost.svg} by {@code icons/render}. */
    private static final List<Integer> PROGRAM_SIZES = List.of(16, 24, 32, 48, 64, 128);

    private Icons() {}

    /** The program's own, for frames, docks and switchers: in several sizes, of which they take what suits them. */
    static List<Image> program() {
        return PROGRAM_SIZES.stream()
                .map(size -> "icons/writeboost-" + size + ".png")
                .map(Icons::image)
                .toList();
    }

    private static Image image(String name) {
        return new Image(String.valueOf(Objects.requireNonNull(Icons.class.getResource(name), name)));
    }

    static FontIcon pen() {
        return styled(new FontIcon(MaterialDesignP.PENCIL));
    }

    static FontIcon broom() {
        return styled(new FontIcon(MaterialDesignB.BROOM));
    }

    static FontIcon more() {
        return styled(new FontIcon(MaterialDesignD.DOTS_HORIZONTAL));
    }

    static FontIcon close() {
        return styled(new FontIcon(MaterialDesignC.CLOSE));
    }

    static FontIcon good() {
        return styled(new FontIcon(MaterialDesignC.CHECK_CIRCLE));
    }

    static FontIcon refused() {
        return styled(new FontIcon(MaterialDesignI.INFORMATION));
    }

    static FontIcon fault() {
        return styled(new FontIcon(MaterialDesignA.ALERT));
    }

    private static FontIcon styled(FontIcon icon) {
        icon.getStyleClass().add("icon");
        return icon;
    }
}
