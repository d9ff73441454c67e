package writeboost.app.bench;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import writeboost.app.config.Environment;
import writeboost.app.config.Sizes;
import writeboost.app.control.Failures;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/** Runs rows, one after the other, and leaves nothing behind. */
public final class Bench {
    private static final Logger LOG = LoggerFactory.getLogger(Bench.class);
    /** A cache of twice the size of the disk, and a file for each peer. */
    private static final int ROOM_FACTOR = 5;

    private final BenchOptions options;
    private final Environment environment;
    private final Workbench.Audience audience;

    /** Makes one. */
    public Bench(BenchOptions options, Environment environment, Workbench.Audience audience) {
        this.options = options;
        this.environment = environment;
        this.audience = audience;
    }

    /**
     * Runs these rows. A row that fails is in the report with its error, and the others go on; when the audience leaves, the
     * report ends with the row before.
     *
     * @throws IOException if there is no place to run in
     */
    public Report run(List<Row> rows) throws IOException {
        List<Report.Result> results = new ArrayList<>();
        List<Report.Fact> machine;
        try (Workbench bench = Workbench.open(options, environment, audience)) {
            checkRoom(bench);
            machine = Machine.facts(bench);
            for (Row row : rows) {
                if (audience.leaves()) {
                    break;
                }
                audience.say(
                        "row " + (results.size() + 1) + " of " + rows.size() + ", " + row.name() + ": " + row.title());
                Report.Result result = run(row, bench);
                audience.say("  took " + Sizes.duration(result.seconds()));
                bench.clear();
                if (audience.leaves()) {
                    break; // what was interrupted counts for nothing
                }
                results.add(result);
            }
        }
        return new Report(machine, results);
    }

    private Report.Result run(Row row, Workbench bench) {
        long startNs = System.nanoTime();
        Outcome outcome = new Outcome(List.of(), List.of());
        String error = null;
        try {
            outcome = row.measure(bench);
        } catch (EndedEarly e) {
            LOG.info("{} was ended early", row.name());
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} could not be measured", row.name(), e);
            error = Failures.sentence(e);
            audience.say("  could not be measured: " + error);
        }
        outcome.leftOut().forEach(why -> audience.say("  left out: " + why));
        return new Report.Result(
                row.name(), row.title(), row.method(), outcome, error, (System.nanoTime() - startNs) / 1e9);
    }

    private Path where() {
        return options.folder() == null ? environment.tempFolder() : options.folder();
    }

    private void checkRoom(Workbench bench) throws IOException {
        FileStore store = Files.getFileStore(bench.data());
        long needed = options.diskBytes() * ROOM_FACTOR;
        if (store.getUsableSpace() < needed) {
            throw new EngineException(
                    ErrorCode.NO_SPACE,
                    where() + " has " + Sizes.format(store.getUsableSpace()) + " free, but disks of "
                            + Sizes.format(options.diskBytes()) + " need " + Sizes.format(needed)
                            + " for the while; name another folder with --dir, or smaller disks with --size");
        }
    }
}
