package writeboost.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The simulation by hand; not part of the build.
 *
 * <pre>
 * mvn -pl engine test -Dtest=SimulationRuns#oneSeed -Dsim.seed=N                     one run, twice: a failure seen again, and shrunk
 * mvn -pl engine test -Dtest=SimulationRuns#longRun -Dsim.seconds=3600 [-Dsim.seed=N]  seeds from N on, for an hour
 * </pre>
 *
 * <p>{@code -Dsim.faults=true} has devices return errors too, {@code -Dsim.threads=N} sets how many runs go on at a time,
 * {@code -Dsim.trace=true} prints everything that happens.
 */
@Tag("sim")
class SimulationRuns {
    private static final String LIMITS = System.getProperty("sim.limits", "");
    private static final boolean FAULTS = Boolean.getBoolean("sim.faults");

    @Test
    void oneSeed() {
        long seed = Long.getLong("sim.seed", 1);
        SimLimits limits = LIMITS.isEmpty() ? SimLimits.NONE : SimLimits.parse(LIMITS);
        SimResult result;
        try {
            result = simulation(seed).limits(limits).run();
        } catch (SimFailure e) {
            throw limits.equals(SimLimits.NONE) ? shrunk(seed, e) : e;
        }
        System.out.println(result);
        assertThat(simulation(seed).limits(limits).run().traceHash).isEqualTo(result.traceHash);
    }

    /** Shows the failure in as small a run as can be found. */
    private static SimFailure shrunk(long seed, SimFailure failure) {
        Shrinker shrinker = new Shrinker(limits -> simulation(seed).limits(limits), failure);
        SimFailure least = shrinker.shrink();
        System.out.println("shrunk, in " + shrinker.runs() + " runs, to "
                + shrinker.limits().describe());
        return least;
    }

    @Test
    void longRun() throws InterruptedException {
        long first = Long.getLong("sim.seed", System.currentTimeMillis());
        long end = System.nanoTime() + 1_000_000_000L * Long.getLong("sim.seconds", 60);
        SimResult sum = new SimResult();
        run(sum, first, Long.MAX_VALUE, end, FAULTS);
        System.out.println("seeds from " + first + " on" + System.lineSeparator() + sum);
        assertThat(sum.cuts()).isPositive();
    }

    static Simulation simulation(long seed) {
        return simulation(seed, FAULTS);
    }

    static Simulation simulation(long seed, boolean faults) {
        return new Simulation(seed, new EngineSubject(seed), faults);
    }

    /** Runs seeds until the power was cut often enough, or until a time; the first failure ends it. What it came to is in the sum. */
    static void run(SimResult sum, long firstSeed, long powerCuts, long endNs, boolean faults)
            throws InterruptedException {
        AtomicLong next = new AtomicLong(firstSeed);
        SimFailure[] failure = new SimFailure[1];
        Thread[] threads = new Thread[Integer.getInteger("sim.threads", 2)];
        for (int t = 0; t < threads.length; t++) {
            threads[t] = new Thread(() -> {
                while (true) {
                    synchronized (sum) {
                        if (sum.powerCuts >= powerCuts || System.nanoTime() >= endNs || failure[0] != null) {
                            return;
                        }
                    }
                    try {
                        SimResult one =
                                simulation(next.getAndIncrement(), faults).run();
                        synchronized (sum) {
                            sum.add(one);
                        }
                    } catch (SimFailure e) {
                        synchronized (sum) {
                            sum.losses = sum.losses.plus(e.losses());
                            failure[0] = e;
                        }
                    }
                }
            });
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure[0] != null) {
            throw failure[0];
        }
    }
}
