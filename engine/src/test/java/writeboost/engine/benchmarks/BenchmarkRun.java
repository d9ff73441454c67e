package writeboost.engine.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks (profile {@code jmh}): nanoseconds and allocated bytes of each operation. The results are printed, and kept in
 * {@code target/jmh.json}. What is on the way of a request must allocate nothing, else this fails.
 *
 * <p>{@code jmh.only}: a regular expression for the names; {@code jmh.smoke}: each runs for a moment only, for nothing but to see
 * that it runs.
 */
class BenchmarkRun {
    private static final Path RESULT = Path.of("target", "jmh.json");
    /** What a chunk costs, spread over its blocks, and the harness's own; one object for each operation would be 16 at least. */
    private static final double NOTHING_BYTES = 8;

    private final String only = System.getProperty("jmh.only", ".*");
    private final boolean smoke = Boolean.getBoolean("jmh.smoke");

    @Test
    void nothingOnTheWayOfARequestAllocates() throws RunnerException, IOException {
        Files.createDirectories(RESULT.getParent());
        Collection<RunResult> results = new Runner(options()).run();
        Set<String> names = new TreeSet<>();
        for (RunResult result : results) {
            names.add(result.getParams().getBenchmark());
            Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
            assertThat(allocated).as("%s allocates", result.getParams()).isNotNull();
            if (!smoke) {
                assertThat(allocated.getScore())
                        .as("%s allocates", result.getParams().getBenchmark())
                        .isLessThan(NOTHING_BYTES);
            }
        }
        System.out.printf("jmh: %d benchmarks ran%n", names.size());
        assertThat(names).isNotEmpty();
    }

    private Options options() {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^writeboost\\..*(" + only + ")")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .shouldDoGC(true)
                .resultFormat(ResultFormatType.JSON)
                .result(RESULT.toString());
        if (smoke) {
            TimeValue moment = TimeValue.milliseconds(50);
            return options.forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(moment)
                    .param("cacheGib", "1")
                    .build();
        }
        return options.forks(2)
                .jvmArgs("-Xms1g", "-Xmx1g")
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(1))
                .build();
    }
}
