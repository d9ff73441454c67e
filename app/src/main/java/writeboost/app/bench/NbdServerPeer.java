package writeboost.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        Path pidFile = bench.small().resolve("nbd-server.pid");
        Path config = bench.small().resolve("nbd-server.conf");
        Files.deleteIfExists(pidFile);
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
        bench.children()
                .run(
                        TOOL,
                        List.of(program.toString(), "-C", config.toString(), "-p", pidFile.toString()),
                        START_TIMEOUT_SECONDS);
        ProcessHandle process = handle(pidFile);
        bench.children().adopt(process);
        return new Daemon(new Address(socket, EXPORT), process, bench.children());
    }

    /** The daemon writes its number down some time after the program that was started has ended. */
    private static ProcessHandle handle(Path pidFile) throws IOException {
        for (int i = 0; i < LOOKS && (!Files.exists(pidFile) || Files.size(pidFile) == 0); i++) {
            Pause.ms(LOOK_INTERVAL_MS);
        }
        return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).trim()))
                .orElseThrow(() -> new IOException(TOOL + " ended at once"));
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
