package writeboost.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import writeboost.app.client.NbdClient;

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

    /** Whether a client is let in there now. The file alone says little: it is there before anybody listens. */
    boolean answers() {
        if (!Files.exists(socket)) {
            return false;
        }
        try (NbdClient client = NbdClient.connect(socket, export)) {
            return client.sizeBytes() > 0;
        } catch (IOException e) {
            return false; // not yet; if never, whoever waits gives up some time
        }
    }
}
