package writeboost.engine.error;

import java.io.IOException;

/**
 * A failed operation of the engine. The message is written for the user: what failed, where, and what to do.
 */
public final class EngineException extends IOException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public EngineException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public EngineException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** The category of the failure. */
    public ErrorCode code() {
        return code;
    }
}
