package writeboost.app.gui;

import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignA;
import org.kordamp.ikonli.materialdesign2.MaterialDesignB;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignD;
import org.kordamp.ikonli.materialdesign2.MaterialDesignI;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;

/** The few icons of the window. */
final class Icons {
    private Icons() {}

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
