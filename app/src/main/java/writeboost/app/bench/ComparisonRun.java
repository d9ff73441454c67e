package writeboost.app.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
            int rounds = row.rounds(bench.options());
            for (int round = 1; round <= rounds; round++) {
                for (Contestant each : present) {
                    turn(each, "round " + round + " of " + rounds);
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
            int times = each == row.contestants().get(0) ? row.warmUps() : 1;
            for (int i = 0; i < times; i++) {
                turn(each, "warm-up");
            }
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
        Set<Metric> alone = EnumSet.noneOf(Metric.class);
        for (Comparison.Ratio ratio : row.ratios()) {
            List<String> missing =
                    ratio.rivals().stream().filter(absent::containsKey).toList();
            missing.forEach(rival -> leftOut.add(ratio.what() + ": " + rival + " took no part: " + absent.get(rival)));
            Series ours = series(row.contestants().get(0).name(), ratio.metric());
            if (missing.size() < ratio.rivals().size()) {
                figures.add(figure(ratio, ours));
            } else if (alone.add(ratio.metric())) {
                figures.add(Figure.plain(ratio.metric().text() + ", alone", ours.unit(), ours.samples(), Bar.NONE));
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

    /** Ours divided by the best of the rivals that took part, in each round. */
    private Figure figure(Comparison.Ratio ratio, Series ours) {
        List<Series> all = new ArrayList<>(List.of(ours));
        ratio.rivals().stream().filter(turns::containsKey).forEach(rival -> all.add(series(rival, ratio.metric())));
        List<Double> best = new ArrayList<>(all.get(1).samples().values());
        for (Series rival : all.subList(2, all.size())) {
            for (int i = 0; i < best.size(); i++) {
                best.set(
                        i,
                        ratio.metric()
                                .better(best.get(i), rival.samples().values().get(i)));
            }
        }
        Samples ratios = ours.samples().dividedBy(new Samples(best));
        return new Figure(ratio.what(), "", ratios, ratio.bar(), all, "");
    }
}
