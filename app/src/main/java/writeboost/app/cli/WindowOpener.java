package writeboost.app.cli;

import java.io.IOException;
import writeboost.app.gui.Window;
import writeboost.app.gui.model.Texts;

/** Opens the window, and says so if that cannot be. */
final class WindowOpener {
    private WindowOpener() {}

    static int onPairs(Context context) throws IOException {
        return code(context, Window.onPairs(context.environment(), context.interruption()::await));
    }

    static int onDemo(Context context) throws IOException {
        return code(context, Window.onDemo(context.environment(), context.interruption()::await));
    }

    private static int code(Context context, Window.Outcome outcome) {
        if (outcome == Window.Outcome.NO_DISPLAY) {
            context.terminal().err().println("writeboost: " + Texts.get("display.missing"));
            return ExitCodes.FAILED;
        }
        return ExitCodes.DONE;
    }
}
