package writeboost.app.demo;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import writeboost.app.client.NbdClient;
import writeboost.app.client.Shuffled;
import writeboost.app.config.Environment;
import writeboost.app.control.BareServing;
import writeboost.app.control.CacheService;
import writeboost.app.control.DemoHost;
import writeboost.app.control.Failures;
import writeboost.app.control.NewPair;
import writeboost.app.control.ServeOptions;
import writeboost.engine.cache.Progress;

/**
 * The demo of the window: a throw-away pair on a modelled external hard disk, and a program that uses it at a pace that an
 * eye can follow, in five acts. A real engine, real NBD requests; only the disk's slowness is modelled.
 *
 * <p>A thread of its own plays; any thread may call.
 */
public final class Story implements Closeable {
    /** What happens. */
    public enum Act {
        /** A program writes; the disk is left in peace. */
        GATHER(1),
        /** The program pauses; what waits moves to the disk. */
        CATCH_UP(2),
        /** The program reads, mostly what it has written. */
        READS(3),
        /** The program wants each of its writes to be safe at once. */
        SLICES(4),
        /** Everything moves to the disk, which may then be unplugged. */
        FLUSH(5),
        /** Nothing any more. */
        OVER(6);

        /** How many there are, but for the end. */
        public static final int ACTS = 5;

        private final int number;

        Act(int number) {
            this.number = number;
        }

        /** From 1. */
        public int number() {
            return number;
        }
    }

    /** Makes the disk safe to unplug, as the user would; returns when that has ended. */
    @FunctionalInterface
    public interface Finale {
        /** Does it. */
        void unplug() throws IOException, InterruptedException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Story.class);

    private static final int SEGMENT_BYTES = 512 << 10;
    /** Cells on the screen; two more segments' worth of room are not for the log. */
    private static final int SEGMENTS = 512;

    private static final long CACHE_BYTES = (SEGMENTS + 2L) * SEGMENT_BYTES;
    private static final long DISK_BYTES = 256L << 20;
    /** As an application writes that saves files: the disk can merge them a little, as in life. */
    private static final int WRITE_BYTES = 64 << 10;

    private static final int BLOCK_BYTES = 4096;
    private static final Duration ACT = Duration.ofSeconds(10);
    private static final int TICKS_PER_SECOND = 16;
    private static final long TICK_NS = 1_000_000_000L / TICKS_PER_SECOND;
    private static final int WRITES_PER_TICK = SEGMENT_BYTES / WRITE_BYTES;
    private static final int READS_PER_TICK = 40;
    /** So few that the eye sees each slice of the pen's cell come. */
    private static final int FSYNCS_PER_TICK = 2;

    private static final int BLOCKS_PER_FSYNC = 4;
    /** The server counts a program out a moment after it has left. */
    private static final long LEAVING_NS = 5_000_000_000L;
    /** Of a hundred reads, how many are of what was written. */
    private static final int PERCENT_OF_KNOWN = 92;

    /** The broom goes a few cells at a time, so that it is seen to walk. */
    private static final Map<String, String> PACE = Map.of("nr_max_batched_writeback", "8");

    private static final int IN_FLIGHT = 8;
    private static final long SEED = 20_260_101;

    private final long actNs;
    private final Path folder;
    private final DemoHost host;
    private final String name;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final ByteBuffer data = ByteBuffer.allocateDirect(WRITE_BYTES);
    private final Shuffled places = new Shuffled((int) (DISK_BYTES / 2 / WRITE_BYTES), random);
    private final List<Long> written = new ArrayList<>(); // the player's
    private final Object lock = new Object();
    private boolean skip; // guarded by lock
    private boolean closed; // guarded by lock
    private boolean again; // guarded by lock
    private volatile Act act = Act.GATHER;
    private @Nullable Thread player; // guarded by lock

    private Story(Path folder, DemoHost host, String name, Duration act) {
        this.actNs = act.toNanos();
        this.folder = folder;
        this.host = host;
        this.name = name;
    }

    /** Makes the pair; {@link #close} throws it away. */
    public static Story prepare(Environment environment) throws IOException {
        return prepare(environment, ACT);
    }

    /** The same with acts of another length, for those who have no time. */
    public static Story prepare(Environment environment, Duration act) throws IOException {
        Path folder = Files.createTempDirectory(environment.tempFolder(), "writeboost-demo-");
        DemoHost host = DemoHost.in(folder, environment);
        Story story = new Story(folder, host, host.freeName("demo"), act);
        boolean done = false;
        try {
            story.makePair();
            done = true;
            return story;
        } finally {
            if (!done) {
                story.close();
            }
        }
    }

    private void makePair() throws IOException {
        String disk = "hdd:" + folder.resolve("disk.img");
        try (BareServing made = host.serveBare(name + "-bare", disk, DISK_BYTES)) {
            LOG.debug("made the demo's disk, {}", made.uri());
        }
        host.service()
                .create(
                        new NewPair(name, disk, folder.resolve("cache.img").toString(), CACHE_BYTES, PACE, false),
                        Progress.NONE);
        host.service().serve(name, ServeOptions.DEFAULT, Progress.NONE);
    }

    /** The service that has the demo's pair. */
    public CacheService service() {
        return host.service();
    }

    /** The name of the demo's pair. */
    public String name() {
        return name;
    }

    /** What happens now. */
    public Act act() {
        return act;
    }

    /** Begins to play. */
    public void play(Finale finale) {
        Thread thread = new Thread(() -> playAll(finale), "wb-demo-story");
        thread.setDaemon(true);
        synchronized (lock) {
            player = thread;
        }
        thread.start();
    }

    /** Goes on to the next act. */
    public void skip() {
        synchronized (lock) {
            skip = true;
            lock.notifyAll();
        }
    }

    /** Plays it again from the first act, once it is over. */
    public void again() {
        synchronized (lock) {
            again = true;
            lock.notifyAll();
        }
    }

    /** Ends it, and leaves nothing behind. */
    @Override
    public void close() throws IOException {
        Thread thread;
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
            thread = player;
        }
        try {
            host.close();
        } finally {
            awaitEnd(thread);
            delete();
        }
    }

    private static void awaitEnd(@Nullable Thread thread) {
        if (thread == null) {
            return;
        }
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void playAll(Finale finale) {
        while (!isClosed()) {
            try {
                playOnce(finale);
            } catch (IOException e) {
                LOG.info("the demo was ended: {}", Failures.sentence(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            synchronized (lock) {
                again = false; // before anybody can see that it is over, and ask for it
            }
            act = Act.OVER;
            if (!awaitAgain()) {
                return;
            }
        }
    }

    private void playOnce(Finale finale) throws IOException, InterruptedException {
        if (!host.service().serves(name)) {
            host.service().serve(name, ServeOptions.DEFAULT, Progress.NONE);
        }
        try (NbdClient client = NbdClient.connect(host.nbdSocket(name), name)) {
            written.clear();
            begin(Act.GATHER, 0);
            tick(() -> write(client, WRITES_PER_TICK));
            client.flush();
            begin(Act.CATCH_UP, 100);
            tick(() -> {});
            begin(Act.READS, 100);
            tick(() -> read(client));
            begin(Act.SLICES, 0);
            tick(() -> slices(client));
            client.flush();
        }
        awaitNobodyConnected();
        if (!isClosed()) {
            act = Act.FLUSH;
            finale.unplug();
        }
    }

    private void awaitNobodyConnected() throws IOException, InterruptedException {
        long endNs = System.nanoTime() + LEAVING_NS;
        while (!isClosed() && host.service().status(name).clients() > 0 && System.nanoTime() < endNs) {
            isSkippedWithin(System.nanoTime() + TICK_NS);
        }
    }

    private void begin(Act next, int writebackThreshold) throws IOException {
        if (isClosed()) {
            return;
        }
        host.service().set(name, Map.of("writeback_threshold", Integer.toString(writebackThreshold)));
        act = next;
    }

    /** What a program does in a tick. */
    private interface Work {
        void run() throws IOException;
    }

    /** Works at an even pace until the act is over. */
    private void tick(Work work) throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        long nextNs = startNs;
        while (System.nanoTime() - startNs < actNs) {
            work.run();
            nextNs = Math.max(nextNs + TICK_NS, System.nanoTime());
            if (isSkippedWithin(nextNs)) {
                return;
            }
        }
    }

    private boolean isSkippedWithin(long untilNs) throws InterruptedException {
        synchronized (lock) {
            long leftMs = (untilNs - System.nanoTime()) / 1_000_000;
            while (!skip && !closed && leftMs > 0) {
                lock.wait(leftMs);
                leftMs = (untilNs - System.nanoTime()) / 1_000_000;
            }
            boolean skipped = skip || closed;
            skip = false;
            return skipped;
        }
    }

    private void write(NbdClient client, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            long place = (long) places.next() * WRITE_BYTES;
            if (!client.isInFlight(place)) {
                client.write(place, fill(WRITE_BYTES), IN_FLIGHT);
                written.add(place);
            }
        }
        client.awaitAll();
    }

    private void read(NbdClient client) throws IOException {
        ByteBuffer into = ByteBuffer.allocateDirect(BLOCK_BYTES);
        for (int i = 0; i < READS_PER_TICK; i++) {
            boolean known = random.nextInt(100) < PERCENT_OF_KNOWN;
            long place = known && !written.isEmpty()
                    ? written.get(random.nextInt(written.size()))
                            + random.nextLong(WRITE_BYTES / BLOCK_BYTES) * BLOCK_BYTES
                    : DISK_BYTES / 2 + random.nextLong(DISK_BYTES / 2 / BLOCK_BYTES) * BLOCK_BYTES;
            client.read(place, into.clear());
        }
    }

    private void slices(NbdClient client) throws IOException {
        for (int i = 0; i < FSYNCS_PER_TICK; i++) {
            for (int block = 0; block < BLOCKS_PER_FSYNC; block++) {
                client.write(random.nextLong(DISK_BYTES / BLOCK_BYTES) * BLOCK_BYTES, fill(BLOCK_BYTES), 1);
            }
            client.flush();
        }
    }

    private ByteBuffer fill(int bytes) {
        data.clear();
        for (int i = 0; i < bytes; i += Long.BYTES) {
            data.putLong(i, random.nextLong());
        }
        return data.limit(bytes);
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    private boolean awaitAgain() {
        synchronized (lock) {
            while (!again && !closed) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            skip = false;
            return !closed;
        }
    }

    private void delete() throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
