package writeboost.engine.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import writeboost.engine.figures.Figures;
import writeboost.engine.log.Geometry;

/**
 * The power is cut in the middle of every single call of a device of a fixed script. Of what was not flushed then all
 * survives, or nothing, or all but one write, or all of which one is torn.
 */
@Tag("sim")
class CutSweepTest {
    private static final int OPERATIONS = 200;

    /** Openings are interrupted after every cut, rather than after one in 120: {@code -Dsim.full=true}. Likewise in the other sweeps. */
    static final boolean FULL = Boolean.getBoolean("sim.full");

    private final AtomicLong interrupted = new AtomicLong();

    @Test
    void aCutAtEveryCallLosesNothingWhateverSurvives() throws InterruptedException {
        long begun = System.nanoTime();
        long[] calls = new long[1];
        long states;
        try (SweepPool pool = new SweepPool()) {
            Scene scene = new Scene(1);
            scene.run("the script", () -> {
                scene.format();
                scene.cutAt(Long.MAX_VALUE);
                scene.atEveryCall(() -> statesAt(scene, pool));
                scene.must(() -> {
                    Subject.Pair pair = scene.open();
                    SweepScript.run(scene, pair, 1, OPERATIONS);
                    long flush = scene.oracle.flushBegin();
                    pair.stop();
                    scene.oracle.flushed(flush, "clean stop");
                });
                calls[0] = scene.calls();
            });
            states = pool.await();
        }
        new Figures("sweep of cuts")
                .say("operations of the script", String.valueOf(OPERATIONS))
                .atLeast("calls of devices, the power cut in each", calls[0], 400)
                .atLeast("states of the disks after that, each opened, read and written back", states, 2000)
                .atLeast("openings interrupted at each of their calls, and repeated", interrupted.get(), 300)
                .say("seconds", String.valueOf((System.nanoTime() - begun) / 1_000_000_000))
                .write();
    }

    private void statesAt(Scene scene, SweepPool pool) {
        long call = scene.calls();
        SimMedium cache = scene.cache.fork();
        SimMedium backing = scene.backing.fork();
        Oracle oracle = scene.oracle.fork();
        List<Survivors> all = survivors(cache.forked(), backing.forked());
        for (int v = 0; v < all.size(); v++) {
            int variant = v;
            pool.submit(() -> check(call, variant, all.get(variant), cache, backing, oracle));
        }
        if (FULL || call % 120 == 0) {
            pool.submit(() -> interruptOpening(call, cache, backing, oracle));
        }
    }

    /** What survives of the writes that were not flushed. */
    private record Survivors(List<SimWrite> onCache, List<SimWrite> onBacking) {}

    private static List<Survivors> survivors(List<SimWrite> cache, List<SimWrite> backing) {
        List<Survivors> all = new ArrayList<>();
        all.add(new Survivors(cache, backing));
        all.add(new Survivors(List.of(), List.of()));
        for (int i = 0; i < cache.size(); i++) {
            for (List<SimWrite> some : withoutOne(cache, i)) {
                all.add(new Survivors(some, backing));
            }
        }
        for (int i = 0; i < backing.size(); i++) {
            for (List<SimWrite> some : withoutOne(backing, i)) {
                all.add(new Survivors(cache, some));
            }
        }
        return all;
    }

    /** Without it; with half of it. */
    private static List<List<SimWrite>> withoutOne(List<SimWrite> writes, int i) {
        List<SimWrite> without = new ArrayList<>(writes);
        SimWrite one = without.remove(i);
        List<List<SimWrite>> variants = new ArrayList<>();
        variants.add(without);
        if (one.count > 1) {
            List<SimWrite> torn = new ArrayList<>(writes);
            torn.set(i, one.torn(i % 2 == 0));
            variants.add(torn);
        }
        return variants;
    }

    private static Scene after(
            long call, int variant, Survivors survivors, SimMedium cache, SimMedium backing, Oracle oracle) {
        SimMedium cacheNow = cache.fork();
        cacheNow.decide(survivors.onCache);
        SimMedium backingNow = backing.fork();
        backingNow.decide(survivors.onBacking);
        Oracle oracleNow = oracle.fork();
        oracleNow.cut(true);
        return new Scene(
                call * 1000 + variant,
                EngineSubject.ofSegments(Geometry.MIN_SEGMENTS),
                cacheNow,
                backingNow,
                oracleNow);
    }

    private static void check(
            long call, int variant, Survivors survivors, SimMedium cache, SimMedium backing, Oracle oracle) {
        Scene scene = after(call, variant, survivors, cache, backing, oracle);
        scene.run("cut in call " + call + ", variant " + variant, () -> scene.checkAll("after the cut"));
    }

    /** Opening is cut in each of its calls, and repeated: that gives what it gives uninterrupted. */
    private void interruptOpening(long call, SimMedium cache, SimMedium backing, Oracle oracle) {
        Survivors kept = new Survivors(cache.forked(), backing.forked());
        int[] expected = new int[1];
        long[] calls = new long[1];
        Scene whole = after(call, 500, kept, cache, backing, oracle);
        whole.run("cut in call " + call, () -> {
            whole.must(whole::open);
            calls[0] = whole.calls();
            whole.end();
            expected[0] = whole.checkAll("after the cut");
        });
        for (int k = 1; k <= calls[0]; k++) {
            boolean keeps = k % 2 == 0;
            int at = k;
            Scene cut = after(call, 500, kept, cache, backing, oracle);
            cut.run("cut in call " + call + " and in call " + k + " of the opening", () -> {
                cut.cutAt(at);
                cut.perform(cut::open);
                cut.end();
                Survivors survivors = new Survivors(
                        keeps ? cut.cache.fork().forked() : List.of(),
                        keeps ? cut.backing.fork().forked() : List.of());
                Scene again = after(call, 501, survivors, cut.cache, cut.backing, cut.oracle);
                again.run("opened again", () -> {
                    if (again.checkAll("after two cuts") != expected[0]) {
                        throw new SimFailure("an opening that was cut and repeated gives something else");
                    }
                });
            });
            interrupted.incrementAndGet();
        }
    }
}
