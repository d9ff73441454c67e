package writeboost.app.gui;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import writeboost.app.control.ServiceFixture;
import writeboost.engine.cache.SegmentMap;

/**
 * Measures what the window costs in steady state: a log of 131,072 segments, 5 % of which change ten times a second. Prints
 * the share of one processor core, for the process and by thread. docs/testing.md says how to run it.
 */
public final class WindowLoad {
    private static final int SEGMENTS = 131_072;
    private static final double CHANGING = 0.05;
    private static final long PERIOD_MS = 100;
    /** Until then the virtual machine still compiles. */
    private static final long WARM_UP_S = 60;

    private final Random random = new Random(4711);
    private byte[] cells = new byte[SEGMENTS];
    private int head;

    private WindowLoad() {}

    /** Takes width, height, and seconds to measure for. */
    public static void main(String[] arguments) throws Exception {
        new WindowLoad()
                .measure(
                        Double.parseDouble(arguments[0]),
                        Double.parseDouble(arguments[1]),
                        Long.parseLong(arguments[2]));
        System.exit(0); // the toolkit's threads are none of ours
    }

    private void measure(double width, double height, long seconds) throws Exception {
        Path folder = Files.createTempDirectory("wb");
        ScheduledExecutorService log = Executors.newSingleThreadScheduledExecutor(body -> {
            Thread thread = new Thread(body, "the log");
            thread.setDaemon(true);
            return thread;
        });
        try (ServiceFixture fixture = new ServiceFixture(folder)) {
            random.nextBytes(cells);
            fixture.engine.dirty.put("usb", 300_000L);
            fixture.engine.map = next();
            fixture.serve("usb");
            ScheduledFuture<?> changing =
                    log.scheduleAtFixedRate(() -> fixture.engine.map = next(), 0, PERIOD_MS, TimeUnit.MILLISECONDS);
            try (ShownWindow window = ShownWindow.on(fixture.server)) {
                window.resize(width, height);
                Thread.sleep(WARM_UP_S * 1000);
                report(width, height, seconds);
            }
            changing.cancel(false);
        } finally {
            log.shutdown();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private SegmentMap next() {
        byte[] now = cells.clone();
        for (int i = 0; i < SEGMENTS * CHANGING; i++) {
            now[random.nextInt(SEGMENTS)] = (byte) random.nextInt(128);
        }
        cells = now;
        head = (head + 1) % SEGMENTS;
        return new SegmentMap(1, now, head, Math.max(0, head - 1000), Math.max(0, head - 2000));
    }

    private static void report(double width, double height, long seconds) throws IOException, InterruptedException {
        OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        Map<String, Long> threadsBefore = threads();
        long cpuBefore = process.getProcessCpuTime();
        long before = System.nanoTime();
        Thread.sleep(seconds * 1000);
        double elapsedNs = System.nanoTime() - before;
        double cpuNs = process.getProcessCpuTime() - cpuBefore;
        System.out.printf(
                "%.0f x %.0f, %,d segments, %.0f %% changing at %d Hz: %.1f %% of a core%n",
                width, height, SEGMENTS, 100 * CHANGING, 1000 / PERIOD_MS, 100 * cpuNs / elapsedNs);
        threads().forEach((name, ns) -> {
            double share = 100 * (ns - threadsBefore.getOrDefault(name, 0L)) / elapsedNs;
            if (share >= 0.1) {
                System.out.printf("    %5.1f %%  %s%n", share, name);
            }
        });
    }

    private static Map<String, Long> threads() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Map<String, Long> all = new TreeMap<>();
        for (long id : threads.getAllThreadIds()) {
            var info = threads.getThreadInfo(id);
            if (info != null) {
                all.merge(info.getThreadName(), threads.getThreadCpuTime(id), Long::sum);
            }
        }
        return all;
    }
}
