package writeboost.app.bench.inside;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import writeboost.app.bench.Samples;
import writeboost.app.bench.Workbench;

/** The rounds of a bench. */
final class Rounds {
    private Rounds() {}

    /** One turn. */
    @FunctionalInterface
    interface Turn {
        /** Returns what was measured. */
        double measure() throws IOException;
    }

    /** Measures the same in each round, after a turn that only warms up. */
    static Samples all(Workbench bench, String what, String unit, Turn turn) throws IOException {
        one(bench, 0, what, unit, turn);
        List<Double> values = new ArrayList<>();
        for (int round = 1; round <= bench.options().rounds(); round++) {
            values.add(one(bench, round, what, unit, turn));
        }
        return new Samples(values);
    }

    /**
     * Measures once, and tells.
     *
     * @param round from 1 on; 0 for one that only warms up
     */
    static double one(Workbench bench, int round, String what, String unit, Turn turn) throws IOException {
        bench.check();
        double value = turn.measure();
        String which = round == 0
                ? "warm-up"
                : "round " + round + " of " + bench.options().rounds();
        bench.say(String.format(Locale.ROOT, "  %-13s  %-24s %,12.2f %s", which, what, value, unit));
        return value;
    }
}
