package writeboost.app.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Servers that take turns at the same load: A B C, A B C, ... after a warm-up turn of each, or more of ours. The first contestant is
 * ours; the ratios are of what it did to what others did in the same round.
 *
 * <p>Without {@code --peers} the programs of others take no part: then the figures that remain are ours alone.
 */
final class Comparison implements Row {
    private final String name;
    private final String title;
    private String method = "";
    private boolean fresh;
    private int mostRounds = BenchOptions.MAX_ROUNDS;
    private int warmUps = 1;
    private final List<Contestant> contestants = new ArrayList<>();
    private final List<Ratio> ratios = new ArrayList<>();
    private Supplier<Optional<String>> unless = Optional::empty;
    private Step once = (bench, server) -> {};
    private Step eachTime = (bench, server) -> {};
    private LoadSource load =
            (bench, server) -> Load.randomReads(bench.options().diskBytes());

    /** Something done to a server before it is measured. */
    @FunctionalInterface
    interface Step {
        void on(Workbench bench, Server server) throws IOException;
    }

    /** The load of a turn; who gets another one must be told so in the row's method. */
    @FunctionalInterface
    interface LoadSource {
        Load of(Workbench bench, Server server);
    }

    /**
     * A figure of the row.
     *
     * @param what as in {@code IOPS / nbdkit memory}
     * @param rivals names of contestants; of several, the best one of each round counts
     */
    record Ratio(String what, Metric metric, List<String> rivals, Bar bar) {}

    private Comparison(String name, String title) {
        this.name = name;
        this.title = title;
    }

    static Comparison of(String name, String title) {
        return new Comparison(name, title);
    }

    /** See {@link Row#method}. */
    Comparison measured(String how) {
        method = how;
        return this;
    }

    /** Who takes part; the first one is ours. */
    Comparison between(Contestant... all) {
        contestants.addAll(List.of(all));
        return this;
    }

    /** Done once to each server. */
    Comparison preparing(Step step) {
        once = step;
        return this;
    }

    /** Done to each server before each of its turns. */
    Comparison beforeEach(Step step) {
        eachTime = step;
        return this;
    }

    /** Each turn is that of a server that was just started, on new files; then nobody warms up. */
    Comparison fresh() {
        fresh = true;
        return this;
    }

    /** So many rounds say all there is to say, even if more are asked for. */
    Comparison roundsAtMost(int rounds) {
        mostRounds = rounds;
        return this;
    }

    /** Turns of ours that do not count, before those that do; the others, of which nothing is compiled meanwhile, have one. */
    Comparison warmingUp(int turns) {
        warmUps = turns;
        return this;
    }

    /** What is done in a turn. */
    Comparison load(LoadSource source) {
        load = source;
        return this;
    }

    /** A figure: ours / the best of these. */
    Comparison ratio(String what, Metric metric, Bar bar, String... rivals) {
        ratios.add(new Ratio(what, metric, List.of(rivals), bar));
        return this;
    }

    /** Why all of the row must be left out on this machine; empty if it need not. */
    Comparison unless(Supplier<Optional<String>> why) {
        unless = why;
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public String method() {
        return method;
    }

    List<Contestant> contestants() {
        return contestants;
    }

    List<Ratio> ratios() {
        return ratios;
    }

    int warmUps() {
        return warmUps;
    }

    int rounds(BenchOptions options) {
        return Math.min(options.rounds(), mostRounds);
    }

    boolean isFresh() {
        return fresh;
    }

    Supplier<Optional<String>> unless() {
        return unless;
    }

    Step once() {
        return once;
    }

    Step eachTime() {
        return eachTime;
    }

    LoadSource load() {
        return load;
    }

    @Override
    public Outcome measure(Workbench bench) throws IOException {
        return new ComparisonRun(this, bench).run();
    }
}
