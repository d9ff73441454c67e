package writeboost.engine.sim;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import writeboost.engine.figures.Figures;

/**
 * Every single call of a device of fixed scripts fails: once, or from then on until the pair is opened again; with an error, for
 * want of space, or half-way. Then the process is killed or the power cut, and the pair opened again.
 */
@Tag("sim")
class ErrorSweepTest {
    private static final int OPERATIONS = 60;
    private static final FaultKind[] KINDS = {FaultKind.WRITE_ERROR, FaultKind.NO_SPACE, FaultKind.SHORT_WRITE};
    private static final Set<SimDisk.Op> ALL = EnumSet.allOf(SimDisk.Op.class);

    private final AtomicLong struck = new AtomicLong();

    @Test
    void anErrorInEveryCallLosesNothingThatWasFlushed() throws InterruptedException {
        long begun = System.nanoTime();
        int scripts = CutSweepTest.FULL ? 50 : 3;
        long places = 0;
        long runs;
        try (SweepPool pool = new SweepPool()) {
            for (int script = 1; script <= scripts; script++) {
                for (int device = 0; device < 2; device++) {
                    boolean cache = device == 0;
                    long calls = calls(script, cache);
                    places += calls;
                    for (int n = 1; n <= calls; n++) {
                        submit(pool, script, cache, n);
                    }
                }
            }
            runs = pool.await();
        }
        new Figures("sweep of errors")
                .atLeast("scripts", scripts, 3)
                .say("operations of each", String.valueOf(OPERATIONS))
                .atLeast("calls of devices, each of which failed", places, 300)
                .atLeast("runs with an error, transient and sticky", runs, 2 * places)
                .atLeast("of which the error struck", struck.get(), runs * 9 / 10)
                .say("seconds", String.valueOf((System.nanoTime() - begun) / 1_000_000_000))
                .write();
    }

    private void submit(SweepPool pool, int script, boolean cache, int n) {
        for (int k = 0; k < KINDS.length; k++) {
            FaultKind kind = KINDS[k];
            // Each call fails once and for good, each time with another of the errors; in the long run with all.
            if (CutSweepTest.FULL || k == n % KINDS.length) {
                pool.submit(() -> once(script, cache, n, kind, 1));
            }
            if (CutSweepTest.FULL || k == (n + 1) % KINDS.length) {
                pool.submit(() -> once(script, cache, n, kind, SimFaults.STICKY));
            }
        }
    }

    /** Calls of one of the devices when nothing fails. */
    private static long calls(int script, boolean cache) {
        Scene scene = new Scene(script);
        SimFaults.Fault counter = never(cache);
        scene.run("script " + script, () -> {
            scene.format();
            scene.faults.add(counter);
            script(scene, script);
        });
        return (long) Integer.MAX_VALUE - counter.countdown();
    }

    private static SimFaults.Fault never(boolean cache) {
        return new SimFaults.Fault(FaultKind.FREEZE, cache, ALL, Integer.MAX_VALUE, 1);
    }

    private static void script(Scene scene, int script) {
        scene.perform(() -> {
            Subject.Pair pair = scene.open();
            SweepScript.run(scene, pair, script, OPERATIONS);
            long flush = scene.oracle.flushBegin();
            pair.stop();
            scene.oracle.flushed(flush, "clean stop");
        });
        scene.end();
    }

    private void once(int script, boolean cache, int n, FaultKind kind, int times) {
        String what = String.format(
                "script %d, call %d of the %s device, %s, %s",
                script, n, cache ? "cache" : "backing", kind, times == 1 ? "once" : "sticky");
        Scene scene = new Scene(script);
        scene.run(what, () -> {
            scene.format();
            scene.faults.add(new SimFaults.Fault(kind, cache, ALL, n, times));
            script(scene, script);
            struck.addAndGet(scene.faults.happened() ? 1 : 0);
            scene.faults.repair();
            boolean power = n % 2 == 0;
            if (power) {
                scene.cache.cutPower(scene.random, CutProfile.random(scene.random, true));
                scene.backing.cutPower(scene.random, CutProfile.random(scene.random, true));
            } else {
                scene.cache.kill(scene.random);
                scene.backing.kill(scene.random);
            }
            scene.oracle.cut(power);
            scene.checkAll("after an error");
        });
    }
}
