package writeboost.app.gui;

import com.sun.glass.ui.Application;

/**
 * The name by which a desktop knows that a window belongs to the menu entry of the program, and shows it under that one's
 * icon: {@code WM_CLASS} here, {@code StartupWMClass} in {@code installer/writeboost.desktop}. JavaFX sets it from the
 * class of an {@code Application}, and has no public way for a program without one, whose windows then are "java".
 */
final class DesktopName {
    private static final String NAME = "writeboost";

    private DesktopName() {}

    /** Sets it for the windows made after this; only on the JavaFX thread. */
    static void set() {
        Application glass = Application.GetApplication();
        if (glass != null) {
            glass.setName(NAME);
        }
    }
}
