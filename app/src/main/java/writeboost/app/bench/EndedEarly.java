package writeboost.app.bench;

import java.io.IOException;

/** The user wants the bench to end. */
final class EndedEarly extends IOException {
    private static final long serialVersionUID = 1L;

    EndedEarly() {
        super("ended early");
    }
}
