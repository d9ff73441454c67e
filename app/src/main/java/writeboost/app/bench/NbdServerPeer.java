package writeboost.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * nbd-server, the reference implementation. It has no way to serve several clients in the foreground, so it is no child of
 * ours for long; and each client has a process of its own there, whose CPU time we do not count.
 */
record NbdServerPeer(Peers.FileSource file) implements Contestant {
    private static final String TOOL = "nbd-server";
    private static final String EXPORT = "disk";
    private static final int START_TIMEOUT_SECONDS = 60;
    private static final long LOOK_INTERVAL_MS = 20;
    private static final int LOOKS = 500;

    @Override
    public String name() {
        return TOOL;
    }

    @Override
    public List<String> tools() {
        return List.of(TOOL);
    }

    @Override
    public Server start(Workbench bench) throws IOException {
        Path program = bench.tools().find(TOOL).orElseThrow(() -> new IOException(TOOL + " is not installed"));
        Path disk = file.in(bench);
        Path socket = bench.small().resolve("nbd-server.sock");
        Path config = bench.small().resolve("nbd-server.conf");
        Files.deleteIfExists(socket);
        Files.writeString(
                config,
                String.join(
                        "\n",
                        "[generic]",
                        "unixsock = " + socket,
                        "[" + EXPORT + "]",
                        "exportname = " + disk,
                        "filesize = " + Files.size(disk),
                        "flush = true",
                        "fua = true",
                        "trim = true",
                        ""));
        bench.children().run(TOOL, List.of(program.toString(), "-C", config.toString()), START_TIMEOUT_SECONDS);
        ProcessHandle process = daemon(config);
        bench.children().adopt(process);
        Daemon daemon = new Daemon(new Address(socket, EXPORT), process, bench.children());
        for (int i = 0; !daemon.address().answers(); i++) {
            if (i == LOOKS || !process.isAlive()) {
                throw new IOException(TOOL + " cannot be connected to at " + socket);
            }
            Pause.ms(LOOK_INTERVAL_MS);
        }
        return daemon;
    }

    /** The process that the program has left behind: it was there before the program ended. */
    private static ProcessHandle daemon(Path config) throws IOException {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().arguments().stream()
                        .flatMap(Arrays::stream)
                        .anyMatch(word -> word.equals(config.toString())))
                .findAny()
                .orElseThrow(() -> new IOException(TOOL + " ended at once; is " + config + " not to its liking?"));
    }

    private record Daemon(Address address, ProcessHandle process, Children children) implements Server {
        @Override
        public String name() {
            return TOOL;
        }

        @Override
        public double cpuSeconds() throws IOException {
            return ProcessTimes.cpuSeconds(process.pid());
        }

        @Override
        public void close() throws IOException {
            children.end(process);
            Files.deleteIfExists(address.socket());
        }
    }
}
