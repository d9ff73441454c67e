package writeboost.app.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import writeboost.app.client.NbdClient;
import writeboost.app.control.CacheService;
import writeboost.app.control.CacheServices;
import writeboost.app.control.NewPair;
import writeboost.engine.cache.Progress;

/** Our own server: a pair on files of the row, served by {@code writeboost serve} as a process of its own. */
final class OwnPair extends ChildServer {
    /** An NBD request has room for less than 4 GiB, and an int for less than 2. */
    private static final long TRIM_BYTES = 1L << 30;

    private final String pair;
    private final CacheService service;

    private OwnPair(Workbench bench, String pair, CacheService service, Address address, List<String> command)
            throws IOException {
        super(bench, Own.NAME, address, command, OwnProgram.variables(bench.environment()));
        this.pair = pair;
        this.service = service;
    }

    /**
     * A pair to be made and served.
     *
     * @param backing the backing device, as for {@code create}; given the workbench
     * @param cacheBytes size of the cache file, all of which was written before
     * @param settings those that differ from the defaults
     */
    record Own(Backing backing, long cacheBytes, Map<String, String> settings) implements Contestant {
        static final String NAME = "writeboost";
        private static final String PAIR = "bench";

        /** Names the backing device, and makes it. */
        @FunctionalInterface
        interface Backing {
            String in(Workbench bench) throws IOException;
        }

        /**
         * The file that plays the SSD. As on an SSD that has been in use, and unlike in a new file, the file system has nothing to
         * note down when a place is written.
         */
        static Peers.FileSource cacheFile(long bytes) {
            return Peers.fullFile("cache.img", bytes);
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public List<String> tools() {
            return List.of();
        }

        @Override
        public OwnPair start(Workbench bench) throws IOException {
            String disk = backing.in(bench);
            Path cache = cacheFile(cacheBytes).in(bench);
            CacheService service = CacheServices.ofThisUser(bench.environment());
            service.create(new NewPair(PAIR, disk, cache.toString(), 0, settings, true), Progress.NONE);
            List<String> command = new ArrayList<>(OwnProgram.command(bench.environment()));
            Path socket = bench.small().resolve("own.sock");
            command.addAll(List.of("serve", PAIR, "--socket", socket.toString()));
            return new OwnPair(bench, PAIR, service, new Address(socket, PAIR), command);
        }
    }

    @Override
    public void sync() throws IOException {
        service.sync(pair);
    }

    @Override
    public void forget() throws IOException {
        service.drop(pair, Progress.NONE);
    }

    @Override
    public void empty() throws IOException {
        try (NbdClient client = NbdClient.connect(address().socket(), address().export())) {
            for (long at = 0; at < client.sizeBytes(); at += TRIM_BYTES) {
                client.trim(at, (int) Math.min(TRIM_BYTES, client.sizeBytes() - at));
            }
        }
        forget();
    }

    @Override
    public void close() throws IOException {
        super.close();
        service.close();
    }
}
