package writeboost.app.bench.inside;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import writeboost.app.bench.Workbench;
import writeboost.app.client.NbdClient;

/** Writes blocks of zeros to a pair over NBD. Used by one thread. */
final class Feed implements Closeable {
    static final int BLOCK_BYTES = 4096;
    /** As a file system or database under load has. */
    static final int DEPTH = 32;

    private static final int WRITES_BETWEEN_LOOKS = 4096;

    private final Workbench bench;
    private final NbdClient client;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(BLOCK_BYTES);
    private long writes;

    /** Says where the next block lies. */
    @FunctionalInterface
    interface Places {
        long next();
    }

    /** Connects. */
    Feed(Workbench bench, ModelPair pair) throws IOException {
        this.bench = bench;
        this.client = pair.connect();
    }

    /** Writes a block; others may be in flight. */
    void write(long block) throws IOException {
        if (writes++ % WRITES_BETWEEN_LOOKS == 0) {
            bench.check();
        }
        long place = block * BLOCK_BYTES;
        if (client.isInFlight(place)) {
            client.awaitAll(); // two writes of one block at a time could be done in either order
        }
        client.write(place, zeros.duplicate(), DEPTH);
    }

    /** Writes so many blocks, and waits for them. */
    void write(long count, Places places) throws IOException {
        for (long i = 0; i < count; i++) {
            write(places.next());
        }
        client.awaitAll();
    }

    /** Waits for all writes, and flushes. */
    void flush() throws IOException {
        client.flush();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
