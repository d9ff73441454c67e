package writeboost.app.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One run of a comparison: starts the servers, lets them take turns, and computes. */
final class ComparisonRun {
    static final String WANTS_PEERS = "needs --peers";

    private final Comparison row;
    private final Workbench bench;
    private final Map<String, String> absent = new HashMap<>(); // name of a contestant to why
    private final Map<String, Server> servers = new LinkedHashMap<>();
    private final Map<String, List<Turn>> turns = new LinkedHashMap<>();

    ComparisonRun(Comparison row, Workbench bench) {
        this.row = row;
        this.bench = bench;
    }

    Outcome run() throws IOException {
        Optional<String> why = row.unless().get();
        if (why.isPresent()) {
            return Outcome.leftOut(row.title() + ": " + why.get());
        }
        List<Contestant> present = present();
        try {
            if (!row.isFresh()) {
                startAll(present);
                present.forEach(each -> turns.remove(each.name()));
            }
            for (int round = 1; round <= bench.options().rounds(); round++) {
                for (Contestant each : present) {
                    turn(each, "round " + round + " of " + bench.options().rounds());
                }
            }
        } finally {
            closeAll();
        }
        return outcome();
    }

    private List<Contestant> present() {
        List<Contestant> present = new ArrayList<>();
        for (Contestant each : row.contestants()) {
            Optional<String> missing = bench.tools().missing(each.tools());
            if (each.isPeer() && !bench.options().peers()) {
                absent.put(each.name(), WANTS_PEERS);
            } else if (missing.isPresent()) {
                absent.put(each.name(), missing.get());
            } else {
                present.add(each);
            }
        }
        return present;
    }

    private void startAll(List<Contestant> present) throws IOException {
        for (Contestant each : present) {
            servers.put(each.name(), start(each));
        }
        for (Contestant each : present) {
            turn(each, "warm-up");
        }
    }

    private Server start(Contestant contestant) throws IOException {
        bench.check();
        Server server = contestant.start(bench);
        boolean ready = false;
        try {
            row.once().on(bench, server);
            ready = true;
            return server;
        } finally {
            if (!ready) {
                server.close();
            }
        }
    }

    private void turn(Contestant contestant, String which) throws IOException {
        Server running = servers.get(contestant.name());
        if (running != null) {
            measure(running, which);
            return;
        }
        try (Server server = start(contestant)) {
            measure(server, which);
        }
        bench.clear(); // the next one begins with new files
    }

    private void measure(Server server, String which) throws IOException {
        bench.check();
        row.eachTime().on(bench, server);
        double before = server.cpuSeconds();
        Turn done = server.run(bench.client(), row.load().of(bench, server));
        Turn turn = done.withCpuSeconds(server.cpuSeconds() - before);
        turns.computeIfAbsent(server.name(), name -> new ArrayList<>()).add(turn);
        Metric metric = row.ratios().get(0).metric();
        bench.say(String.format(
                Locale.ROOT, "  %-11s  %-24s %,12.1f %s", which, server.name(), metric.of(turn), metric.unit()));
    }

    private void closeAll() throws IOException {
        List<Server> all = new ArrayList<>(servers.values());
        servers.clear();
        for (int i = all.size() - 1; i >= 0; i--) {
            all.get(i).close();
        }
    }

    private Outcome outcome() {
        List<Figure> figures = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        Series[] alone = new Series[Metric.values().length];
        for (Comparison.Ratio ratio : row.ratios()) {
            List<String> missing =
                    ratio.rivals().stream().filter(absent::containsKey).toList();
            missing.forEach(rival -> leftOut.add(ratio.what() + ": " + rival + " took no part: " + absent.get(rival)));
            Series ours = series(row.contestants().get(0).name(), ratio.metric());
            if (missing.size() < ratio.rivals().size()) {
                figures.add(Figure.ratio(ratio.what(), ours, best(ratio), ratio.bar()));
            } else if (alone[ratio.metric().ordinal()] == null) {
                alone[ratio.metric().ordinal()] = ours;
                figures.add(Figure.plain(row.title() + ", alone", ours.unit(), ours.samples(), Bar.NONE));
            }
        }
        return new Outcome(figures, leftOut);
    }

    private Series series(String who, Metric metric) {
        return new Series(
                who,
                metric.unit(),
                new Samples(turns.getOrDefault(who, List.of()).stream()
                        .map(metric::of)
                        .toList()));
    }

    /** What the best of the rivals that took part did in each round. */
    private Series best(Comparison.Ratio ratio) {
        List<Series> rivals = ratio.rivals().stream()
                .filter(turns::containsKey)
                .map(rival -> series(rival, ratio.metric()))
                .toList();
        if (rivals.size() == 1) {
            return rivals.get(0);
        }
        List<Double> best = new ArrayList<>(rivals.get(0).samples().values());
        for (Series rival : rivals) {
            for (int i = 0; i < best.size(); i++) {
                best.set(
                        i,
                        ratio.metric()
                                .better(best.get(i), rival.samples().values().get(i)));
            }
        }
        String names = String.join(", ", rivals.stream().map(Series::who).toList());
        return new Series("best of " + names, ratio.metric().unit(), new Samples(best));
    }
}
