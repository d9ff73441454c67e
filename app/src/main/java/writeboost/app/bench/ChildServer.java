package writeboost.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/** A server that is a child of this process. */
class ChildServer implements Server {
    private static final long START_TIMEOUT_NS = 60_000_000_000L;
    private static final long LOOK_INTERVAL_MS = 20;

    private final Workbench bench;
    private final Children.Child child;
    private final Address address;

    /**
     * Starts it, and waits until it can be connected to.
     *
     * @param variables to be added to those of this process
     */
    ChildServer(Workbench bench, String name, Address address, List<String> command, Map<String, String> variables)
            throws IOException {
        this.bench = bench;
        this.address = address;
        Files.deleteIfExists(address.socket());
        this.child = bench.children().start(name, command, variables);
        awaitSocket();
    }

    @Override
    public final String name() {
        return child.name();
    }

    @Override
    public final Address address() {
        return address;
    }

    @Override
    public final double cpuSeconds() throws IOException {
        if (!child.process().isAlive()) {
            throw child.died();
        }
        return ProcessTimes.cpuSeconds(child.process().pid());
    }

    /** Nothing of it is wanted any more, and to stop in good order takes seconds where the disk is slow. */
    @Override
    public void close() throws IOException {
        bench.children().kill(child);
        Files.deleteIfExists(address.socket());
    }

    /** The file is there before the server listens on it; and connecting to it ends a qemu-nbd that serves one client. */
    private void awaitSocket() throws IOException {
        long endNs = System.nanoTime() + START_TIMEOUT_NS;
        while (!address.answers()) {
            bench.check();
            if (!child.process().isAlive()) {
                throw child.died();
            }
            if (System.nanoTime() > endNs) {
                bench.children().end(child);
                throw new IOException(name() + " cannot be connected to at " + address.socket());
            }
            Pause.ms(LOOK_INTERVAL_MS);
        }
    }
}
