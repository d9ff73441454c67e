package writeboost.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The simulation by hand; not part of the build.
 *
 * <pre>
 * mvn -pl engine test -Dtest=SimulationRuns#oneSeed -Dsim.seed=N                     one run, twice: a failure seen again
 * mvn -pl engine test -Dtest=SimulationRuns#longRun -Dsim.seconds=3600 [-Dsim.seed=N]  seeds from N on, for an hour
 * </pre>
 *
 * <p>{@code -Dsim.faults=true} has devices return errors too, {@code -Dsim.threads=N} sets how many runs go on at a time,
 * {@code -Dsim.trace=true} prints everything that happens.
 */
@Tag("sim")
class SimulationRuns {
    private static final boolean FAULTS = Boolean.getBoolean("sim.faults");

    @Test
    void oneSeed() {
        long seed = Long.getLong("sim.seed", 1);
        SimResult result = simulation(seed).run();
        System.out.println(result);
        assertThat(simulation(seed).run().traceHash).isEqualTo(result.traceHash);
    }

    @Test
    void longRun() throws InterruptedException {
        long first = Long.getLong("sim.seed", System.currentTimeMillis());
        long end = System.nanoTime() + 1_000_000_000L * Long.getLong("sim.seconds", 60);
        SimResult sum = run(first, Long.MAX_VALUE, end, FAULTS);
        System.out.println("seeds from " + first + " on" + System.lineSeparator() + sum);
        assertThat(sum.cuts()).isPositive();
    }

    static Simulation simulation(long seed) {
        return simulation(seed, FAULTS);
    }

    static Simulation simulation(long seed, boolean faults) {
        return new Simulation(seed, new EngineSubject(seed), faults);
    }

    /** Runs seeds until the power was cut often enough, or until a time; the first failure ends it. */
    static SimResult run(long firstSeed, long powerCuts, long endNs, boolean faults) throws InterruptedException {
        AtomicLong next = new AtomicLong(firstSeed);
        SimResult sum = new SimResult();
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
        return sum;
    }
}
