package writeboost.app.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import writeboost.app.client.NbdClient;
import writeboost.app.config.Environment;
import writeboost.app.config.Sizes;
import writeboost.app.control.BareServing;
import writeboost.app.control.CacheService;
import writeboost.app.control.DemoHost;
import writeboost.app.control.NewPair;
import writeboost.app.control.ServeOptions;
import writeboost.app.control.Served;
import writeboost.engine.cache.Progress;

/**
 * Shows what a pair gains: the same random writes to a modelled external hard disk, first to the disk alone, then with a
 * cache in front of it; then everything is flushed, compared with what was written, and thrown away.
 *
 * <p>How it is measured: both times by the same client over an NBD socket, {@value Workload#DEPTH} writes of 4 KiB in
 * flight, ended by a FLUSH whose time counts. Without that the write cache of the modelled disk would take the writes of
 * the short run at the speed of the cable. Both times the FLUSH is answered when the writes survive a power cut.
 */
public final class Demo {
    private static final long DISK_BYTES = 256L << 20;
    private static final long CACHE_BYTES = 128L << 20;
    /** The part of the disk that is written, in the middle: what is busy on a disk is a part of it. */
    private static final int BUSY_BLOCKS = 16_384;

    private static final long FIRST_BUSY_BLOCK = (DISK_BYTES / Workload.BLOCK_BYTES - BUSY_BLOCKS) / 2;
    /** About what the modelled disk does alone, so that its run takes the time that is meant for it. */
    private static final int BARE_WRITES_PER_SECOND = 110;

    private static final long SEED = 20_260_101;

    private final Environment environment;
    private final int seconds;
    private final Audience audience;
    private final Workload workload = new Workload(SEED, FIRST_BUSY_BLOCK, BUSY_BLOCKS);
    private final BooleanSupplier goOn;

    /** Who looks on. */
    public interface Audience {
        /** A line to read. */
        void say(String line);

        /** Shows how far something is while it runs. */
        void watch(String title, Act act) throws IOException;

        /** Whether they want it to end. */
        boolean leaves();
    }

    /** Something that reports how far it is. */
    @FunctionalInterface
    public interface Act {
        /** Does it. */
        void run(Progress progress) throws IOException;
    }

    /**
     * Makes one.
     *
     * @param seconds how long it is to take, about
     */
    public Demo(Environment environment, int seconds, Audience audience) {
        this.environment = environment;
        this.seconds = seconds;
        this.audience = audience;
        this.goOn = () -> !audience.leaves();
    }

    /**
     * Runs it, and leaves nothing behind.
     *
     * @return whether the disk held what was written; false also when it was ended early
     */
    public boolean run() throws IOException {
        Path folder = Files.createTempDirectory(environment.tempFolder(), "writeboost-demo-");
        try (DemoHost host = DemoHost.in(folder, environment)) {
            return run(host, folder);
        } finally {
            delete(folder);
        }
    }

    private boolean run(DemoHost host, Path folder) throws IOException {
        String name = host.freeName("demo");
        Path image = folder.resolve("disk.img");
        audience.say("A disk of " + Sizes.format(DISK_BYTES) + " and a cache of " + Sizes.format(CACHE_BYTES)
                + ", both files in " + folder + ".");
        audience.say(
                "The disk answers as slowly as a modelled external hard disk of 7,200 rpm. The work: random writes");
        audience.say("of 4 KiB, " + Workload.DEPTH + " at a time, over "
                + Sizes.format((long) BUSY_BLOCKS * Workload.BLOCK_BYTES) + " of it, ended by a FLUSH.");

        double bare = measureBare(host, name + "-bare", image);
        if (audience.leaves()) {
            return ended();
        }
        CacheService service = host.service();
        service.create(
                new NewPair(name, "hdd:" + image, folder.resolve("cache.img").toString(), CACHE_BYTES, Map.of(), false),
                Progress.NONE);
        boolean sound = false;
        if (measurePair(host, name, bare)) {
            sound = flushAndVerify(host, name);
            service.stop(name);
            sound = sound && goOn.getAsBoolean() && verifyDiskAlone(host, name, image);
        }
        return sound || ended();
    }

    private boolean ended() {
        if (audience.leaves()) {
            audience.say("Ended early; everything is thrown away.");
        }
        return false;
    }

    /** Writes per second of the disk alone. */
    private double measureBare(DemoHost host, String name, Path image) throws IOException {
        long writes = Math.max(50, (long) BARE_WRITES_PER_SECOND * seconds / 6);
        try (BareServing serving = host.serveBare(name, "hdd:" + image, DISK_BYTES);
                NbdClient client = NbdClient.connect(host.nbdSocket(name), name)) {
            audience.say("");
            audience.say("The disk alone, at " + serving.uri());
            audience.say("  (its write cache takes the writes at once; the FLUSH waits until they are on the platter)");
            return new Measurement(workload, audience)
                    .run(client, () -> goOn.getAsBoolean() && workload.writes() < writes);
        }
    }

    /** Measures the pair, which serves afterwards; false when ended early. */
    private boolean measurePair(DemoHost host, String name, double bare) throws IOException {
        Served served = host.service().serve(name, ServeOptions.DEFAULT, Progress.NONE);
        audience.say("");
        audience.say("The same disk with the cache in front of it, at "
                + served.uris().get(0));
        long endNs = System.nanoTime() + Math.max(2, seconds * 3L / 5) * 1_000_000_000L;
        double pair;
        try (NbdClient client = NbdClient.connect(host.nbdSocket(name), name)) {
            pair = new Measurement(workload, audience)
                    .showing(() -> host.service().status(name))
                    .run(client, () -> goOn.getAsBoolean() && System.nanoTime() < endNs);
        }
        if (audience.leaves()) {
            return false;
        }
        audience.say("");
        audience.say(String.format(Locale.ROOT, "With the cache: %.0f times faster.", pair / bare));
        audience.say("");
        return true;
    }

    private boolean flushAndVerify(DemoHost host, String name) throws IOException {
        long startNs = System.nanoTime();
        audience.watch(
                "Moving what waits to the disk", progress -> host.service().flush(name, progress));
        audience.say(String.format(
                Locale.ROOT, "Everything is on the disk after %.1f s more.", (System.nanoTime() - startNs) / 1e9));
        return verify("through the cache", host.nbdSocket(name), name);
    }

    /** The cache is out of the way now, and so is the model: this reads the plain file. */
    private boolean verifyDiskAlone(DemoHost host, String name, Path image) throws IOException {
        String alone = name + "-bare";
        try (BareServing serving = host.serveBare(alone, image.toString(), 0)) {
            return verify("on the disk alone, without the cache", host.nbdSocket(alone), alone);
        }
    }

    private boolean verify(String where, Path socket, String name) throws IOException {
        long wrong;
        try (NbdClient client = NbdClient.connect(socket, name)) {
            wrong = workload.verify(client, goOn);
        }
        if (audience.leaves()) {
            return false;
        }
        audience.say(
                wrong < 0
                        ? "All " + Sizes.format(DISK_BYTES) + " are as they were written, " + where + "."
                        : "Block " + wrong + " is NOT as it was written, " + where + ".");
        return wrong < 0;
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
