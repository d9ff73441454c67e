package writeboost.app.gui.model;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** The words of the window, from its resource bundle. Numbers are formatted before they come here. */
public final class Texts {
    private static final ResourceBundle BUNDLE =
            ResourceBundle.getBundle("writeboost.app.gui.texts", Locale.getDefault());

    private Texts() {}

    /** A text. */
    public static String get(String key) {
        return BUNDLE.getString(key);
    }

    /** A text with values put in. */
    public static String get(String key, Object... values) {
        return new MessageFormat(BUNDLE.getString(key), Locale.ROOT).format(values);
    }
}
