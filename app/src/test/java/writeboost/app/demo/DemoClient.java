package writeboost.app.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import writeboost.app.client.NbdClient;

/** The demo's NBD client, for tests of other packages. */
public final class DemoClient implements AutoCloseable {
    private final NbdClient client;

    /** Connects. */
    public DemoClient(Path socket, String export) throws IOException {
        client = NbdClient.connect(socket, export);
    }

    /** Sends a write. */
    public void write(long offsetBytes, ByteBuffer data) throws IOException {
        client.write(offsetBytes, data, 1);
    }

    /** Waits for all writes and flushes. */
    public void flush() throws IOException {
        client.flush();
    }

    /** Reads. */
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        client.read(offsetBytes, into);
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            // the server may have been killed by the test
        }
    }
}
