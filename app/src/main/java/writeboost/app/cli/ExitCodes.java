package writeboost.app.cli;

import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/** What the program returns to the shell. */
final class ExitCodes {
    /** Done. */
    static final int DONE = 0;
    /** Failed, or damage was found. */
    static final int FAILED = 1;
    /** Wrong usage; nothing was done. */
    static final int USAGE = 2;

    private ExitCodes() {}

    static int of(Throwable failure) {
        return failure instanceof EngineException known && known.code() == ErrorCode.USAGE ? USAGE : FAILED;
    }
}
