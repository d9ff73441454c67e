package writeboost.app.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** No server, but what a device does by itself: read past the page cache by fio in this machine's fastest way. */
record RawFile(String name, Peers.FileSource file) implements Contestant {
    /** What fio takes to start and to end, and then some. */
    private static final int SPARE_SECONDS = 120;

    @Override
    public List<String> tools() {
        return List.of("fio");
    }

    @Override
    public boolean isPeer() {
        return false;
    }

    @Override
    public Server start(Workbench bench) throws IOException {
        Path fio = bench.tools().find("fio").orElseThrow(() -> new IOException("fio is not installed"));
        return new Raw(name, file.in(bench), fio, bench.children());
    }

    private record Raw(String name, Path file, Path fio, Children children) implements Server {
        @Override
        public Address address() {
            return new Address(file, "");
        }

        @Override
        public double cpuSeconds() {
            return 0;
        }

        @Override
        public Turn run(LoadClient client, Load load) throws IOException {
            List<String> command = new ArrayList<>(
                    List.of(fio.toString(), "--ioengine=io_uring", "--direct=1", "--readonly", "--filename=" + file));
            command.addAll(FioClient.arguments(load));
            return FioReport.parse(children.run("fio", command, load.seconds() + SPARE_SECONDS));
        }

        @Override
        public void close() {}
    }
}
