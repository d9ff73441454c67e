package writeboost.engine.device;

import java.io.IOException;
import java.util.Locale;

/** The sentences in which devices fail, and which error of the machine is of which kind. */
final class DeviceErrors {
    private DeviceErrors() {}

    /** What was being done to a device, as the error message says it. */
    enum Action {
        READ("cannot read from"),
        WRITE("cannot write to"),
        SYNC("cannot flush"),
        DISCARD("cannot discard on"),
        ZERO("cannot zero on");

        private final String words;

        Action(String words) {
            this.words = words;
        }
    }

    static DeviceException closed(String name) {
        return new DeviceException(DeviceException.Kind.GONE, name + " is closed", null);
    }

    static DeviceException readOnly(Action action, String name) {
        return new DeviceException(
                DeviceException.Kind.IO, action.words + " " + name + ": it was opened only for reading", null);
    }

    static DeviceException shrunk(Action action, String name, long offsetBytes, long lengthBytes) {
        return new DeviceException(
                DeviceException.Kind.IO,
                where(action, name, offsetBytes, lengthBytes) + ": it ends earlier than when it was opened",
                null);
    }

    static DeviceException failed(
            DeviceException.Kind kind, Action action, String name, long offsetBytes, long lengthBytes, String why) {
        return new DeviceException(kind, where(action, name, offsetBytes, lengthBytes) + ": " + why, null);
    }

    /** From an exception of {@code java.nio}, which carries the error only as words. */
    static DeviceException failed(Action action, String name, long offsetBytes, long lengthBytes, IOException cause) {
        String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return new DeviceException(
                kindOf(cause, why), where(action, name, offsetBytes, lengthBytes) + ": " + why, cause);
    }

    private static DeviceException.Kind kindOf(IOException cause, String why) {
        String words = why.toLowerCase(Locale.ROOT);
        if (words.contains("no space left") || words.contains("quota exceeded") || words.contains("file too large")) {
            return DeviceException.Kind.NO_SPACE;
        }
        boolean gone = cause instanceof java.nio.channels.ClosedChannelException || words.contains("no such device");
        return gone ? DeviceException.Kind.GONE : DeviceException.Kind.IO;
    }

    private static String where(Action action, String name, long offsetBytes, long lengthBytes) {
        String what = action.words + " " + name;
        return action == Action.SYNC ? what : what + " at byte " + offsetBytes + ", " + lengthBytes + " bytes";
    }
}
