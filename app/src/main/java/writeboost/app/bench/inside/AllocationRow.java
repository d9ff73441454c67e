package writeboost.app.bench.inside;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import writeboost.app.bench.Bar;
import writeboost.app.bench.Figure;
import writeboost.app.bench.Outcome;
import writeboost.app.bench.Row;
import writeboost.app.bench.Samples;
import writeboost.app.bench.Workbench;
import writeboost.app.client.NbdClient;
import writeboost.engine.device.MemoryDevice;

/** What a request allocates on the heap in the long run, over all threads of the engine and the server. */
final class AllocationRow implements Row {
    private static final long CACHE_BYTES = 128L << 20;
    private static final int DISK_BLOCKS = 1 << 14;
    private static final int REQUESTS = 200_000;
    private static final int LOOK_EVERY = 1 << 12;
    private static final int DEPTH = 32;
    private static final long SEED = 4;
    /** Less rounds to nothing. */
    private static final double NOTHING_BYTES = 0.5;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Override
    public String name() {
        return "allocation";
    }

    @Override
    public String title() {
        return "Heap allocated for a request";
    }

    @Override
    public String method() {
        return "200,000 requests of 4 KiB over NBD, 32 in flight, at random places of 64 MiB, a modelled cache of 128 MiB, after as many"
                + " to warm up; the bytes that all threads of the engine and the server have allocated meanwhile, per request.";
    }

    @Override
    public Outcome measure(Workbench bench) throws IOException {
        MemoryDevice cache = new MemoryDevice("cache", CACHE_BYTES);
        MemoryDevice disk = new MemoryDevice("disk", (long) DISK_BLOCKS * Feed.BLOCK_BYTES);
        try (ModelPair pair = new ModelPair(bench, cache, disk, ModelPair.QUIET);
                NbdClient client = pair.connect()) {
            double write = perRequest(bench, client, true);
            pair.flush();
            double read = perRequest(bench, client, false);
            return Outcome.of(figure("writes", write), figure("reads from the cache", read));
        }
    }

    private static Figure figure(String what, double bytes) {
        return Figure.plain("heap / request, " + what, "B", Samples.of(bytes), Bar.atMost(NOTHING_BYTES))
                .noting("an object is 16 B at the least");
    }

    private double perRequest(Workbench bench, NbdClient client, boolean write) throws IOException {
        run(bench, client, write);
        long before = allocated();
        run(bench, client, write);
        return (double) (allocated() - before) / REQUESTS;
    }

    private static void run(Workbench bench, NbdClient client, boolean write) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        ByteBuffer data = ByteBuffer.allocateDirect(Feed.BLOCK_BYTES);
        for (int i = 0; i < REQUESTS; i++) {
            if (i % LOOK_EVERY == 0) {
                bench.check();
            }
            long place = (long) random.nextInt(DISK_BLOCKS) * Feed.BLOCK_BYTES;
            if (write) {
                client.write(place, data.duplicate(), DEPTH);
            } else {
                client.readAndForget(place, Feed.BLOCK_BYTES, DEPTH);
            }
        }
        client.awaitAll();
    }

    /** By all threads of engine and server that live: those of this row end with it. */
    private long allocated() {
        long[] ids = Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(info -> info != null && isEngine(info.getThreadName()))
                .mapToLong(ThreadInfo::getThreadId)
                .toArray();
        return Arrays.stream(threads.getThreadAllocatedBytes(ids))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    private static boolean isEngine(String thread) {
        return thread.startsWith("wb-") && !thread.startsWith("wb-bench");
    }
}
