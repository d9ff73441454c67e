package writeboost.app.gui;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javafx.application.Application;
import javafx.scene.Scene;
import javafx.scene.text.Font;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import writeboost.app.gui.model.TapePalette;
import writeboost.app.gui.model.Texts;

/** Light or dark, and the fonts. */
final class Look {
    /** What the user may choose. */
    enum Choice {
        /** As the desktop is. */
        SYSTEM,
        /** Dark on light. */
        LIGHT,
        /** Light on dark. */
        DARK;

        String label() {
            return Texts.get("menu.look." + name().toLowerCase(Locale.ROOT));
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Look.class);
    private static final List<String> FONTS = List.of("Roboto-Regular.ttf", "Roboto-Medium.ttf", "Roboto-Bold.ttf");
    /** A desktop that does not answer by then is taken for light. */
    private static final long ASK_MS = 1_000;

    private static final int ANSWER_BYTES_MAX = 4096;

    private Look() {}

    /** Loads the fonts: digits as wide as each other, whatever is installed. */
    static void loadFonts() {
        for (String font : FONTS) {
            try (InputStream in = Look.class.getResourceAsStream("fonts/" + font)) {
                if (in == null || Font.loadFont(in, 13) == null) {
                    LOG.warn("the font {} cannot be used; the system's is", font);
                }
            } catch (IOException e) {
                LOG.warn("the font {} cannot be read; the system's is used", font, e);
            }
        }
    }

    /** Applies it to a scene; returns the colours of the tape that go with it. */
    static TapePalette apply(boolean dark, Scene scene) {
        Application.setUserAgentStylesheet(
                dark ? new PrimerDark().getUserAgentStylesheet() : new PrimerLight().getUserAgentStylesheet());
        String sheet = String.valueOf(Look.class.getResource("window.css"));
        scene.getStylesheets().setAll(sheet);
        scene.getRoot().getStyleClass().removeAll("light", "dark");
        scene.getRoot().getStyleClass().add(dark ? "dark" : "light");
        return dark ? TapePalette.DARK : TapePalette.LIGHT;
    }

    /** Whether it is to be dark; asks the desktop if need be, which may take a moment. */
    static boolean isDark(Choice choice) {
        return choice == Choice.DARK || (choice == Choice.SYSTEM && desktopIsDark());
    }

    /** Asks the settings portal of the desktop; JavaFX of this version cannot. 1 stands for dark. */
    private static boolean desktopIsDark() {
        ProcessBuilder question = new ProcessBuilder(
                "gdbus",
                "call",
                "--session",
                "--timeout",
                "1",
                "--dest",
                "org.freedesktop.portal.Desktop",
                "--object-path",
                "/org/freedesktop/portal/desktop",
                "--method",
                "org.freedesktop.portal.Settings.Read",
                "org.freedesktop.appearance",
                "color-scheme");
        question.redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            Process process = question.start();
            process.getOutputStream().close();
            if (!process.waitFor(ASK_MS, TimeUnit.MILLISECONDS)) {
                process.destroy();
                return false;
            }
            String answer = new String(process.getInputStream().readNBytes(ANSWER_BYTES_MAX), StandardCharsets.UTF_8);
            return answer.contains("uint32 1");
        } catch (IOException e) {
            LOG.debug("the desktop cannot be asked whether it is dark", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
