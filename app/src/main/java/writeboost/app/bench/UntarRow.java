package writeboost.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A source tree unpacked into a file system on a slow disk, as a person waits for it: until all of it is durable. */
final class UntarRow implements Row {
    private static final List<String> TOOLS = List.of("nbdfuse", "mkfs.ext4", "mount", "umount", "tar");
    private static final Path FUSE = Path.of("/dev/fuse");

    private final List<Contestant> contestants;

    /**
     * Makes one.
     *
     * @param contestants the first is ours
     */
    UntarRow(Contestant... contestants) {
        this.contestants = List.of(contestants);
    }

    @Override
    public String name() {
        return "slow-untar";
    }

    @Override
    public String title() {
        return "Untar of a source tree into ext4 on a slow disk, with a cache";
    }

    @Override
    public String method() {
        return SourceTree.FILES + " files in " + SourceTree.FOLDERS + " folders, " + SourceTree.description()
                + ", unpacked and synced; the files per second. The disk is reached by nbdfuse and a loop device. Each"
                + " turn begins with a new file system.";
    }

    @Override
    public Outcome measure(Workbench bench) throws IOException {
        Optional<String> why = obstacle(bench);
        if (why.isPresent()) {
            return Outcome.leftOut(title() + ": " + why.get());
        }
        List<String> leftOut = new ArrayList<>();
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        for (Contestant each : contestants) {
            Optional<String> absent = absent(each, bench);
            if (absent.isPresent()) {
                leftOut.add("rate / " + each.name() + ": " + each.name() + " took no part: " + absent.get());
            } else {
                rates.put(each.name(), new ArrayList<>());
            }
        }
        int rounds = bench.options().rounds();
        for (int round = 1; round <= rounds; round++) {
            for (Contestant each : contestants) {
                if (rates.containsKey(each.name())) {
                    rates.get(each.name()).add(turn(each, bench, "round " + round + " of " + rounds));
                }
            }
        }
        return outcome(rates, leftOut);
    }

    private static Optional<String> obstacle(Workbench bench) {
        Optional<String> missing = bench.tools().missing(TOOLS);
        if (missing.isPresent()) {
            return missing;
        }
        if (!PageCache.isRoot()) {
            return Optional.of("only root may mount a file system: run it with sudo");
        }
        return Files.exists(FUSE) ? Optional.empty() : Optional.of("there is no " + FUSE + ": modprobe fuse");
    }

    private static Optional<String> absent(Contestant contestant, Workbench bench) {
        return contestant.isPeer() && !bench.options().peers()
                ? Optional.of(ComparisonRun.WANTS_PEERS)
                : bench.tools().missing(contestant.tools());
    }

    private static double turn(Contestant contestant, Workbench bench, String which) throws IOException {
        double seconds;
        Path tar = SourceTree.tar(bench);
        try (Server server = contestant.start(bench);
                MountedDisk disk = MountedDisk.of(server, bench)) {
            long startNs = System.nanoTime();
            bench.run("tar", "-xf", tar.toString(), "-C", disk.folder().toString());
            bench.run("sync", "-f", disk.folder().toString());
            seconds = (System.nanoTime() - startNs) / 1e9;
        }
        bench.clear();
        double rate = SourceTree.FILES / seconds;
        bench.say(
                String.format(Locale.ROOT, "  %-11s  %-24s %,12.1f files per second", which, contestant.name(), rate));
        return rate;
    }

    private Outcome outcome(Map<String, List<Double>> rates, List<String> leftOut) {
        List<Series> series = rates.entrySet().stream()
                .map(entry -> new Series(entry.getKey(), "files per second", new Samples(entry.getValue())))
                .toList();
        Series ours = series.get(0);
        List<Figure> figures = new ArrayList<>();
        for (Series theirs : series.subList(1, series.size())) {
            figures.add(Figure.ratio("rate / " + theirs.who(), ours, theirs, Bar.atLeast(CacheFilterRows.TIMES)));
        }
        if (figures.isEmpty()) {
            figures.add(Figure.plain("rate, alone", ours.unit(), ours.samples(), Bar.NONE));
        }
        return new Outcome(figures, leftOut);
    }
}
