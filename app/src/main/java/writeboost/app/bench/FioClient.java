package writeboost.app.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** fio with its nbd engine: the client that everybody knows, so that nobody need trust ours. */
final class FioClient implements LoadClient {
    /** What it takes to start and to end, and then some. */
    private static final int SPARE_SECONDS = 600;

    private final String program;
    private final Children children;

    /**
     * Makes one.
     *
     * @param program where fio is
     */
    FioClient(String program, Children children) {
        this.program = program;
        this.children = children;
    }

    @Override
    public String description() {
        return "fio with its nbd engine";
    }

    @Override
    public Turn run(Load load, Address server) throws IOException {
        List<String> command = new ArrayList<>(List.of(program, "--ioengine=nbd", "--uri=" + server.uri()));
        command.addAll(arguments(load));
        return FioReport.parse(children.run("fio", command, load.seconds() + SPARE_SECONDS));
    }

    /** The load as arguments: all but the engine and what it works on. */
    static List<String> arguments(Load load) {
        List<String> words = new ArrayList<>(List.of(
                "--name=load",
                "--output-format=json",
                "--rw=" + (load.kind().isRandom() ? "rand" : "") + (load.kind().isRead() ? "read" : "write"),
                "--bs=" + load.blockBytes(),
                "--iodepth=" + load.depth(),
                "--size=" + load.regionBytes(),
                "--randseed=" + load.seed(),
                "--randrepeat=0"));
        if (load.clients() > 1) {
            words.addAll(List.of("--numjobs=" + load.clients(), "--thread", "--group_reporting"));
        }
        if (load.maxBytes() > 0) {
            words.add("--io_size=" + load.maxBytes() / load.clients());
        }
        if (load.seconds() > 0) {
            words.add("--runtime=" + load.seconds());
        }
        if (load.maxBytes() == 0) {
            words.add("--time_based");
        }
        if (load.kind().isRandom() && !load.eachOnce()) {
            words.add("--norandommap");
        }
        if (load.zipf() > 0) {
            words.add("--random_distribution=zipf:" + load.zipf());
        }
        switch (load.flush()) {
            case AT_END -> words.add("--end_fsync=1");
            case AFTER_EACH -> words.add("--fsync=1");
            case NEVER -> {}
        }
        return words;
    }
}
