package writeboost.app.demo;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import writeboost.app.client.NbdClient;
import writeboost.app.config.Sizes;
import writeboost.app.control.PairStatus;

/** Runs the workload against one disk, shows it once a second, and tells how fast it was. */
final class Measurement {
    private final Workload workload;
    private final Demo.Audience audience;
    private @Nullable StatusSource statuses;
    private @Nullable PairStatus last;

    /** Where the figures of a pair come from. */
    @FunctionalInterface
    interface StatusSource {
        PairStatus status() throws IOException;
    }

    Measurement(Workload workload, Demo.Audience audience) {
        this.workload = workload;
        this.audience = audience;
    }

    /** Shows the figures of a pair too. */
    Measurement showing(StatusSource source) {
        statuses = source;
        return this;
    }

    /**
     * Writes as long as it may.
     *
     * @return writes per second, the final FLUSH included
     */
    double run(NbdClient client, BooleanSupplier goOn) throws IOException {
        long before = workload.writes();
        long startNs = System.nanoTime();
        FutureTask<Long> work = new FutureTask<>(() -> {
            workload.run(client, goOn);
            return System.nanoTime();
        });
        Thread thread = new Thread(work, "wb-demo-load");
        thread.setDaemon(true);
        thread.start();
        long endNs = watch(work, startNs, before);
        long writes = workload.writes() - before;
        double seconds = (endNs - startNs) / 1e9;
        audience.say(String.format(
                Locale.ROOT,
                "  %,d writes and the FLUSH took %.1f s: %,.0f writes a second",
                writes,
                seconds,
                writes / seconds));
        return writes / seconds;
    }

    private long watch(FutureTask<Long> work, long startNs, long before) throws IOException {
        long shown = before;
        for (int second = 1; ; second++) {
            try {
                long leftNs = startNs + second * 1_000_000_000L - System.nanoTime();
                return work.get(Math.max(1, leftNs), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                long now = workload.writes();
                audience.say(line(second, now - shown));
                shown = now;
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("the demo was interrupted", e);
            }
        }
    }

    private String line(int second, long writes) throws IOException {
        String start = String.format(Locale.ROOT, "  %3d s %,9d writes", second, writes);
        StatusSource source = statuses;
        if (source == null) {
            return start;
        }
        PairStatus now = source.status();
        String text = start
                + String.format(
                        Locale.ROOT,
                        "   log %3.0f %% full   dirty %4.1f %%   write hits %s   to the disk %8s/s (%s)",
                        100.0
                                * (now.cache().segments() - now.cache().freeSegments())
                                / Math.max(1, now.cache().segments()),
                        100 * now.dirtyRatio(),
                        hitRate(last, now),
                        Sizes.format(now.backingBytesWritten() - (last == null ? 0 : last.backingBytesWritten())),
                        now.migration().running() ? now.migration().kind() : "waiting");
        last = now;
        return text;
    }

    /** Hits / (hits + misses) of the last second. */
    private static String hitRate(@Nullable PairStatus before, PairStatus now) {
        long hits = now.writeHits() - (before == null ? 0 : before.writeHits());
        long misses = now.writeMisses() - (before == null ? 0 : before.writeMisses());
        return hits + misses == 0 ? "  -  " : String.format(Locale.ROOT, "%3.0f %%", 100.0 * hits / (hits + misses));
    }
}
