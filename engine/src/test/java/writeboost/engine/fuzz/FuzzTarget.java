package writeboost.engine.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInfo;
import writeboost.engine.figures.Figures;

/**
 * Something that is given whatever bytes a fuzzer thinks of, and must stand them. Each target is run in a virtual machine
 * of its own by the profile {@code fuzz}, since Jazzer fuzzes only the first one of each, and skips the others quietly;
 * that is why the runs are counted here. Its seeds are replayed with the other tests, by {@code FuzzSeedsTest}.
 *
 * <p>A target has a method {@code fuzz}, and a static one {@code seeds}: the inputs to begin with, former findings among
 * them.
 */
public abstract class FuzzTarget {
    /** Runs of a target at every commit. */
    public static final int RUNS = 100_000;

    /** The same for one that reads whole cache images, which takes a hundred times as long. */
    public static final int IMAGE_RUNS = 10_000;

    private static final AtomicLong COUNT = new AtomicLong();
    private static final long BEGAN_NS = System.nanoTime();
    private static final String RUNS_ARGUMENT = "-runs=";

    /** Judges one input; fails if the code under test did what it must not. */
    public abstract void run(byte[] input) throws Exception;

    /** Counts a run. */
    protected final void countAndRun(byte[] input) throws Exception {
        COUNT.incrementAndGet();
        run(input);
    }

    @AfterAll
    static void everyRunWasMade(TestInfo info) throws Exception {
        if (System.getenv("JAZZER_FUZZ") == null) {
            return; // Only the seeds were replayed.
        }
        Class<?> target = info.getTestClass().orElseThrow();
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - BEGAN_NS);
        System.out.printf("fuzz: %s: %d runs in %d s%n", target.getSimpleName(), COUNT.get(), seconds);
        new Figures("fuzz " + target.getSimpleName())
                .atLeast("runs", COUNT.get(), wanted(target))
                .write();
    }

    /** What the command line asks for, or else the target itself. */
    private static long wanted(Class<?> target) throws Exception {
        String argument = System.getProperty("jazzer.internal.arg.1", "");
        if (argument.startsWith(RUNS_ARGUMENT)) {
            return Long.parseLong(argument.substring(RUNS_ARGUMENT.length()));
        }
        return target.getDeclaredMethod("fuzz", byte[].class)
                .getAnnotation(FuzzTest.class)
                .maxExecutions();
    }
}
