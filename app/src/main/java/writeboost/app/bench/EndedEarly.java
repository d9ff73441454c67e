package writeboost.app.bench;

import java.io.IOException;

/** The user wants the bench to end. */
public final class EndedEarly extends IOException {
    private static final long serialVersionUID = 1L;

    public EndedEarly() {
        super("ended early");
    }
}
