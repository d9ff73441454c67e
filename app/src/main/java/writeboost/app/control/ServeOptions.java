package writeboost.app.control;

import org.jspecify.annotations.Nullable;

/**
 * Where a pair is to be served.
 *
 * @param socket path of the NBD socket; null for NAME.sock in the socket folder
 * @param tcp {@code HOST:PORT} on the loopback, beside the socket; null for none
 */
public record ServeOptions(
        @Nullable String socket, @Nullable String tcp) {
    /** NAME.sock in the socket folder, no TCP. */
    public static final ServeOptions DEFAULT = new ServeOptions(null, null);
}
