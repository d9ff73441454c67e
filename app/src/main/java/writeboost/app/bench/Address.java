package writeboost.app.bench;

import java.nio.file.Path;

/**
 * Where a disk is served.
 *
 * @param export its name; empty for the only one of a server
 */
record Address(Path socket, String export) {
    /** As clients take it. */
    String uri() {
        return "nbd+unix:///" + export + "?socket=" + socket;
    }
}
