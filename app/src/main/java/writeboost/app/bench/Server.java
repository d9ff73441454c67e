package writeboost.app.bench;

import java.io.Closeable;
import java.io.IOException;

/** A server that runs as a process of its own, until closed, which may lose what it was given. */
interface Server extends Closeable {
    /** As in {@code nbdkit memory}. */
    String name();

    Address address();

    /** Processor time that it has taken so far, in user and system mode, all threads. */
    double cpuSeconds() throws IOException;

    /** Puts a load on it. */
    default Turn run(LoadClient client, Load load) throws IOException {
        return client.run(load, address());
    }

    /** Makes what it took durable, where it tells that from writing it back. */
    default void sync() throws IOException {}

    /** Has nothing stored any more, so that the next turn begins as the first did. */
    default void empty() throws IOException {}

    /** Forgets what it has cached of earlier turns, so that the next one begins as the first did. */
    default void forget() throws IOException {}
}
