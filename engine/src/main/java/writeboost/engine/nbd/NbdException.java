package writeboost.engine.nbd;

import java.io.IOException;

/** A client broke the protocol, or left in the middle of a message: its connection ends. Nothing of ours is wrong. */
final class NbdException extends IOException {
    private static final long serialVersionUID = 1L;

    NbdException(String message) {
        super(message);
    }
}
