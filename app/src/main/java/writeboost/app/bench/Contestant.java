package writeboost.app.bench;

import java.io.IOException;
import java.util.List;

/** Somebody who may be compared: how to start its server. */
interface Contestant {
    /** As in {@code nbdkit memory}. */
    String name();

    /** The programs that it needs, by the names that {@link Tools} knows. */
    List<String> tools();

    /** Starts the server, and returns when it can be connected to. */
    Server start(Workbench bench) throws IOException;
}
