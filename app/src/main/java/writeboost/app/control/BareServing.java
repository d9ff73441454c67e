package writeboost.app.control;

import java.io.Closeable;
import java.io.IOException;

/**
 * A disk without a cache that is being served, until closed.
 *
 * @param uri where
 */
public record BareServing(String uri, Closeable end) implements Closeable {
    @Override
    public void close() throws IOException {
        end.close();
    }
}
