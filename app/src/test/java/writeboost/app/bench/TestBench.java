package writeboost.app.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import writeboost.app.config.Environment;

/** A bench in a folder of a test's, with peers that are nowhere to be found, and an audience that takes notes. */
final class TestBench implements Workbench.Audience {
    final List<String> said = new ArrayList<>();
    private final Path folder;
    private final boolean peers;
    volatile boolean leaves;

    TestBench(Path folder, boolean peers) {
        this.folder = folder;
        this.peers = peers;
    }

    BenchOptions options() {
        return new BenchOptions(peers, 2, 1, BenchOptions.MIN_DISK_BYTES, null);
    }

    Environment environment() {
        return Environment.of(Map.of("java.io.tmpdir", folder.toString()), Map.of());
    }

    Workbench open() throws IOException {
        return Workbench.open(options(), environment(), this);
    }

    @Override
    public void say(String line) {
        said.add(line);
    }

    @Override
    public boolean leaves() {
        return leaves;
    }
}
