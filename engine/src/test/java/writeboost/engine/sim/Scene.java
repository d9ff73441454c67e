package writeboost.engine.sim;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import writeboost.engine.log.Geometry;

/** A pair on two simulated disks that a sweep drives step by step; it counts the calls of devices, and can stop at each. */
final class Scene implements SimDisk.Watcher {
    /** Far more scheduling points than any step of a sweep takes that still gets anywhere. */
    private static final long POINTS = 200_000;

    static final int BLOCKS = 40;
    static final int SECTORS = 8 * BLOCKS - 3;

    final SimScheduler scheduler;
    final Subject subject;
    final SimMedium cache;
    final SimMedium backing;
    final Oracle oracle;
    final SimFaults faults = new SimFaults();
    final SimRandom random;
    private final SimTroubles troubles;
    private SimGroup tasks = new SimGroup("none");
    private @Nullable Runnable atCall;
    private long calls;
    private long cutAt = Long.MAX_VALUE;

    /** With empty disks, and the smallest log there is. */
    Scene(long seed) {
        this(seed, EngineSubject.ofSegments(Geometry.MIN_SEGMENTS));
    }

    /** With empty disks. */
    Scene(long seed, Subject subject) {
        this(
                seed,
                subject,
                new SimMedium("cache", subject.cacheBytes()),
                new SimMedium("backing", (long) SECTORS * Stamp.SECTOR),
                new Oracle(SECTORS));
        backing.preset(0, oracle.initialContent());
    }

    /** With disks as another scene left them. */
    Scene(long seed, Subject subject, SimMedium cache, SimMedium backing, Oracle oracle) {
        random = new SimRandom(seed);
        scheduler = new SimScheduler(seed);
        this.subject = subject;
        this.cache = cache;
        this.backing = backing;
        this.oracle = oracle;
        cache.keepBefore();
        troubles = new SimTroubles(faults, oracle, subject, cache, backing, random.split());
    }

    /** Something that a task does. */
    @FunctionalInterface
    interface Body {
        void run() throws IOException;
    }

    /** Runs steps; anything wrong is told with this. */
    void run(String what, Runnable steps) {
        try {
            scheduler.run(steps);
        } catch (SimFailure e) {
            throw new SimFailure(what + ": " + e.getMessage(), e);
        }
    }

    /** Is called in the middle of every call of a device. */
    void atEveryCall(Runnable listener) {
        atCall = listener;
    }

    /** The step is cut short in the middle of this call of a device, counted from 1 from now on. */
    void cutAt(long call) {
        calls = 0;
        cutAt = call;
    }

    /** Calls of devices, since the beginning or the last {@link #cutAt}. */
    long calls() {
        return calls;
    }

    /** Has a task do something, and waits for it. Returns why it failed, or null; that it was cut counts as success. */
    @Nullable IOException perform(Body body) {
        IOException[] failure = new IOException[1];
        boolean[] done = new boolean[1];
        scheduler.start(tasks, "step", () -> {
            try {
                body.run();
            } catch (IOException e) {
                failure[0] = e;
            }
            done[0] = true;
            scheduler.wakeDriver();
        });
        scheduler.driverWaits("step", () -> done[0], POINTS);
        return failure[0];
    }

    /** As {@link #perform}, for what must succeed. */
    void must(Body body) {
        IOException failure = perform(body);
        if (failure != null) {
            throw new SimFailure("failed: " + failure, failure);
        }
    }

    void format() {
        must(this::formatNow);
    }

    void formatNow() throws IOException {
        subject.format(device(cache), device(backing), new SimTasks(scheduler, tasks));
    }

    Subject.Pair open() throws IOException {
        Subject.Pair pair =
                subject.open(device(cache), device(backing), new SimTasks(scheduler, tasks), random.split());
        troubles.opened(pair);
        return pair;
    }

    private SimDisk device(SimMedium medium) {
        return new SimDisk(medium, scheduler, random.split(), medium == backing, this);
    }

    SimReader reader(Subject.Pair pair, String when) {
        return new SimReader(scheduler, oracle, faults, pair.disk(), when);
    }

    /** Everything that runs dies. */
    void end() {
        scheduler.dontInterrupt();
        scheduler.kill(tasks);
        troubles.closed();
        tasks = new SimGroup("scene");
    }

    /** Opens, reads everything, brings everything to the backing device. Returns a hash of what was read. */
    int checkAll(String when) {
        int[] hash = new int[1];
        BitSet trimmed = oracle.mayBeTrimmed();
        must(() -> {
            Subject.Pair pair = open();
            if (reader(pair, when).readAll(64)) {
                oracle.checkPrefix();
            }
            hash[0] = hash(pair, when, trimmed);
            pair.flush();
        });
        SimReader.compareBacking(oracle, backing);
        end();
        return hash[0];
    }

    /** What was trimmed may read as anything, and differently each time. */
    private int hash(Subject.Pair pair, String when, BitSet leftOut) {
        byte[] content = new byte[SECTORS * Stamp.SECTOR];
        reader(pair, when).readInto(content);
        leftOut.stream().forEach(s -> Arrays.fill(content, s * Stamp.SECTOR, (s + 1) * Stamp.SECTOR, (byte) 0));
        return Arrays.hashCode(content);
    }

    @Override
    public void begins(SimDisk disk, SimDisk.Op op, long offsetBytes, long lengthBytes) {}

    @Override
    public void ends(SimDisk disk, SimDisk.Op op, long offsetBytes, long lengthBytes) {}

    @Override
    public SimFaults.@Nullable Fault strikes(SimDisk disk, SimDisk.Op op, long offsetBytes, long lengthBytes) {
        if (++calls == cutAt) {
            scheduler.interruptAfter(0);
        }
        if (atCall != null) {
            atCall.run();
        }
        return troubles.strike(disk.medium, op, offsetBytes, lengthBytes);
    }

    @Override
    public void overtaken(SimDisk disk) {}
}
