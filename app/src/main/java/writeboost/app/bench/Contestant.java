package writeboost.app.bench;

import java.io.IOException;
import java.util.List;

/** Somebody who may be compared: how to start its server. */
interface Contestant {
    /** As in {@code nbdkit memory}. */
    String name();

    /** The programs that it needs, by the names that {@link Tools} knows. */
    List<String> tools();

    /** Whether it is somebody else's, and takes part with {@code --peers} only. */
    default boolean isPeer() {
        return !tools().isEmpty();
    }

    /** Starts the server, and returns when it can be connected to. */
    Server start(Workbench bench) throws IOException;
}
