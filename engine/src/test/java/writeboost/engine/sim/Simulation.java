package writeboost.engine.sim;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import writeboost.engine.disk.Disk;

/**
 * One run of the simulation: from one seed, formats a small pair and takes it through several incarnations, each with
 * clients of its own and most of them ended by a power cut or a kill somewhere; in the end everything is read, written
 * back, and the backing device alone is compared.
 */
final class Simulation {
    /** Cuts that one run tries for. */
    static final int INCARNATIONS = 12;
    /** Far more scheduling points than any incarnation takes that still gets anywhere. */
    private static final long POINTS = 300_000;
    /** Formats of one run that may be cut. */
    private static final int CUT_FORMATS = 4;
    /** Share of the runs with errors in which a device lies about flushes. */
    private static final double LYING_RUNS = 0.12;

    private static final Phase[] PHASES = Phase.values();

    /** Where a cut is aimed at; the rest is met by the way. Twice what is rare. */
    private static final Phase[] TARGETS = {
        Phase.REPLAY, Phase.CHECKPOINT, Phase.SEGMENT, Phase.CACHE_SYNC, Phase.BACKING_WRITE, Phase.BACKING_WRITE,
        Phase.BACKING_SYNC, Phase.SYNC, Phase.FLUSH, Phase.DROP, Phase.DROP, Phase.STOP
    };

    private final long seed;
    private final Subject subject;
    private final SimRandom random;
    private final SimScheduler scheduler;
    private final SimMedium cache;
    private final SimMedium backing;
    private final Oracle oracle;
    private final SimFaults faults = new SimFaults();
    private final SimTroubles troubles;
    private final CutPlan plan;
    private final SimResult result = new SimResult();
    private final int blocks;
    private final boolean faulty;
    private @Nullable Mix fixedMix;
    private boolean discards;
    /** Whether nothing was asked for since the last cut. */
    private boolean untouched;
    /** Whether the pair was stopped cleanly, and nothing was done since. */
    private boolean stoppedCleanly;
    /** Whether blocks were written back at the last cut that no checkpoint knew of. */
    private boolean unrecordedWriteback;
    /** Whether the pair can't be opened any more, and rightly so. */
    private boolean refused;

    private boolean onlySomeFaults;
    private SimLimits limits = SimLimits.NONE;
    /** Which device lies, if one does from the beginning: true for the cache device. */
    private @Nullable Boolean liar;

    private final SimAtRest atRest;
    private int group;

    Simulation(long seed, Subject subject) {
        this(seed, subject, false);
    }

    /** {@code faulty}: whether devices also return errors. */
    Simulation(long seed, Subject subject, boolean faulty) {
        this.faulty = faulty;
        this.seed = seed;
        this.subject = subject;
        this.random = new SimRandom(seed);
        this.scheduler = new SimScheduler(random.nextLong());
        this.blocks = random.oneOf(64, 200, 500);
        int sectors = blocks * 8 + (random.chance(0.3) ? random.below(8) : 0);
        this.oracle = new Oracle(sectors);
        this.cache = new SimMedium("cache", subject.cacheBytes());
        this.backing = new SimMedium("backing", (long) sectors * Stamp.SECTOR);
        this.troubles = new SimTroubles(faults, oracle, subject, cache, backing, random.split());
        this.atRest = new SimAtRest(this, subject, oracle, faults, troubles, cache, backing, random.split());
        this.plan = new CutPlan(scheduler, subject, cache, troubles);
        backing.preset(0, oracle.initialContent());
        if (faulty) {
            cache.keepBefore();
        }
    }

    /** Of the errors that devices return, only these. */
    Simulation faultsOnly(boolean onCache, SimDisk.Op op) {
        faults.only(onCache, op);
        onlySomeFaults = true;
        return this;
    }

    /** A fault that is there from the beginning. */
    Simulation fault(SimFaults.Fault fault) {
        faults.add(fault.lasting());
        onlySomeFaults = true;
        return this;
    }

    /** Leaves something out. */
    Simulation limits(SimLimits newLimits) {
        limits = newLimits;
        scheduler.salt(newLimits.salt());
        return this;
    }

    /** A device lies about flushes from the beginning. */
    Simulation lying(boolean onCache) {
        liar = onCache;
        onlySomeFaults = true;
        return this;
    }

    /** Has all clients do this, instead of what the seed says. */
    Simulation mix(Mix mix) {
        fixedMix = mix;
        return this;
    }

    /**
     * Runs it.
     *
     * @throws SimFailure if anything was lost, wrong or wedged; tells how to see it again
     */
    SimResult run() {
        long begun = System.nanoTime();
        try {
            scheduler.run(this::drive);
        } catch (SimFailure e) {
            throw new SimFailure(
                    String.format(
                            "seed %d, commit %s, at scheduling point %d: %s%nThe newest events:%n%s%nTo see it again: %s",
                            seed,
                            Commit.current(),
                            scheduler.steps(),
                            e.getMessage(),
                            scheduler.trace().tail(80),
                            "mvn -pl engine test -Dtest=SimulationRuns#oneSeed -Dsim.seed=" + seed
                                    + (faulty ? " -Dsim.faults=true" : "")
                                    + (limits.equals(SimLimits.NONE) ? "" : " -Dsim.limits=" + limits)),
                    e);
        }
        result.runs = 1;
        result.hashes.put(seed, scheduler.trace().hash());
        result.steps = scheduler.steps();
        result.switches = scheduler.switches();
        result.virtualNs = scheduler.nanoTime();
        result.realNs = System.nanoTime() - begun;
        result.sectorsCompared = oracle.compared();
        if (oracle.overlapped()) {
            troubles.note(Situation.OVERLAPPING);
        }
        if (oracle.lostByLies() > 0) {
            troubles.note(Situation.LIE_LOST);
        }
        result.count(troubles.situations(), faults.counts(), oracle.lostByLies());
        result.traceHash = scheduler.trace().hash();
        return result;
    }

    private void drive() {
        format();
        if (faulty && random.chance(LYING_RUNS)) {
            lie(random.chance(0.7));
        } else if (liar != null) {
            lie(liar);
        }
        for (int i = 0; i < limits.incarnations() && !refused; i++) {
            discards = random.chance(0.7);
            SimPolicy policy = SimPolicy.random(random);
            scheduler.policy(limits.bias() ? policy : SimPolicy.UNIFORM);
            clearPlans();
            if (faulty && !faults.lying() && !onlySomeFaults && random.chance(0.3)) {
                atRest.damage(stoppedCleanly);
            }
            planCut();
            if (faulty && random.chance(0.7)) {
                faults.plan(random, cache.sizeBytes, backing.sizeBytes);
            }
            Mix mix = Mix.random(random, blocks, SimAdmin.actFor(plan.target()) != null);
            if (!limits.faults()) {
                faults.clear();
            }
            if (!limits.cuts(i)) {
                plan.clear();
            }
            stoppedCleanly = !incarnation(limits.limit(fixedMix == null ? mix : fixedMix, i));
            if (!stoppedCleanly) {
                cut();
            } else if (random.chance(0.5)) {
                cutDevices(true); // after a clean stop nothing may be lost
            } else if (!faults.lying() && random.chance(0.2) && !oracle.isAnyLost()) {
                formatAgain(); // what is lost would turn into what the disk holds
            }
        }
        clearPlans();
        if (!faults.lying()) {
            faults.repair();
            lastIncarnation();
        }
    }

    /** From now on a device says that flushes have succeeded, and has done nothing. */
    private void lie(boolean onCache) {
        faults.add(new SimFaults.Fault(FaultKind.LYING_FLUSH, onCache, EnumSet.of(SimDisk.Op.SYNC), 1, SimFaults.STICKY)
                .lasting());
        oracle.lying();
    }

    private void planCut() {
        switch (random.below(8)) {
            case 0, 1 -> scheduler.interruptAfter(random.below(random.oneOf(300, 3000, 20_000)));
            case 2 -> plan.planAfterFlush(random.oneOf(0.05, 0.3));
            default -> plan.plan(TARGETS[random.below(TARGETS.length)], random);
        }
    }

    /** Formats; cut in the middle, it left either nothing or an empty cache, and in both cases it is formatted again. */
    private void format() {
        for (int i = 0; i < CUT_FORMATS && random.chance(0.8); i++) {
            scheduler.policy(SimPolicy.random(random));
            if (random.chance(0.3)) {
                scheduler.interruptAfter(random.below(25));
            } else {
                plan.plan(Phase.SUPERBLOCK, random);
            }
            if (!formatOnce()) {
                return;
            }
            cut();
            SimGroup tasks = newGroup();
            must(perform(tasks, Phase.REPLAY, () -> openIfFormatted(tasks)));
            scheduler.kill(tasks);
            cutDevices(false); // what it had under way ends with it
        }
        clearPlans();
        must(formatOnce());
    }

    /** With everything on the backing device, a new cache changes nothing, and nothing of the old one comes back. */
    private void formatAgain() {
        clearPlans();
        faults.repair();
        stoppedCleanly = false;
        SimGroup tasks = newGroup();
        Subject.Pair[] opened = new Subject.Pair[1];
        must(perform(tasks, Phase.REPLAY, () -> opened[0] = open(tasks)));
        must(perform(tasks, Phase.FLUSH, () -> opened[0].flush()));
        must(perform(tasks, Phase.STOP, () -> stop(opened[0])));
        scheduler.kill(tasks);
        format();
    }

    private boolean formatOnce() {
        SimGroup tasks = newGroup();
        boolean cut = perform(tasks, Phase.FORMAT, () -> subject.format(device(cache), device(backing), in(tasks)));
        scheduler.kill(tasks);
        return cut;
    }

    private void openIfFormatted(SimGroup tasks) throws IOException {
        Subject.Pair pair;
        try {
            pair = open(tasks);
        } catch (IOException e) {
            if (!subject.isNotFormatted(e)) {
                throw e;
            }
            return;
        }
        readAll(pair.disk(), "after an interrupted format");
    }

    /** Opens, runs clients and stops. Returns whether it was cut. */
    private boolean incarnation(Mix mix) {
        SimGroup tasks = newGroup();
        try {
            Subject.Pair[] opened = new Subject.Pair[1];
            if (perform(tasks, Phase.REPLAY, () -> opened[0] = open(tasks))) {
                return true;
            }
            Subject.Pair pair = opened[0];
            troubles.opened(pair);
            if (untouched && random.chance(0.5)) {
                boolean[] complete = new boolean[1];
                if (perform(tasks, Phase.REQUEST, () -> complete[0] = readAll(pair.disk(), "after replay"))) {
                    return true;
                }
                if (complete[0] && !faults.lying()) {
                    oracle.checkPrefix();
                    troubles.note(Situation.PREFIX);
                    result.prefixChecks++;
                }
            }
            untouched = false;
            if (clients(tasks, pair, mix)) {
                return true;
            }
            if (random.chance(0.6)) {
                scheduler.interruptAfter(random.below(random.oneOf(10, 100)));
            }
            return perform(tasks, Phase.STOP, () -> stop(pair));
        } finally {
            scheduler.kill(tasks);
            troubles.closed();
        }
    }

    Subject.Pair open(SimGroup tasks) throws IOException {
        Subject.Pair pair;
        try {
            pair = subject.open(device(cache), device(backing), in(tasks), random.split());
        } catch (IOException e) {
            refused = faults.lying();
            throw e;
        }
        if (unrecordedWriteback) {
            troubles.note(Situation.FINGERPRINT);
            unrecordedWriteback = false;
        }
        if (pair.disk().sizeBytes() != backing.sizeBytes) {
            throw new SimFailure("the disk has " + pair.disk().sizeBytes() + " bytes");
        }
        result.opens++;
        return pair;
    }

    private boolean clients(SimGroup tasks, Subject.Pair pair, Mix mix) {
        SimClient.Shared shared = new SimClient.Shared(scheduler, oracle, plan, faults, troubles, mix);
        int[] left = {mix.clients()};
        for (int c = 0; c < mix.clients(); c++) {
            SimClient client = new SimClient(shared, pair.disk(), random.split(), "client-" + c);
            scheduler.start(tasks, client.name(), () -> {
                client.run();
                left[0]--;
                scheduler.wakeDriver();
            });
        }
        if (mix.admin()) {
            left[0]++;
            SimAdmin admin = new SimAdmin(scheduler, oracle, plan, faults, pair, random.split());
            scheduler.start(tasks, "admin", () -> {
                admin.run(() -> left[0] <= 1);
                left[0]--;
                scheduler.wakeDriver();
            });
        }
        boolean cut = scheduler.driverWaits("clients", () -> left[0] == 0, POINTS);
        result.requests += shared.done;
        return cut;
    }

    void stop(Subject.Pair pair) throws IOException {
        long begunAt = oracle.flushBegin();
        pair.stop();
        oracle.flushed(begunAt, "clean stop");
        result.cleanStops++;
    }

    private void clearPlans() {
        result.faultsInjected += faults.injected();
        plan.clear();
        faults.clear();
    }

    private void cut() {
        boolean power = random.chance(0.7);
        for (Phase phase : PHASES) {
            if (plan.isActive(phase)) {
                result.cutsDuring.merge(phase, 1, Integer::sum);
            }
        }
        if (plan.checkpointStalls()) {
            troubles.note(Situation.STALLED_CHECKPOINT);
        }
        unrecordedWriteback = plan.writtenBack() > 0;
        if (refused) {
            troubles.note(Situation.LIE_REFUSED);
        }
        clearPlans();
        cutDevices(power);
    }

    private void cutDevices(boolean power) {
        if (cache.undecided() + backing.undecided() > 0) {
            result.cutsWithUndecidedWrites++;
        }
        if (power) {
            result.powerCuts++;
            cache.cutPower(random, CutProfile.random(random, true));
            backing.cutPower(random, CutProfile.random(random, true).garbled()).stream()
                    .peek(sector -> troubles.note(Situation.TORN_BACKING))
                    .forEach(oracle::garbled);
        } else {
            result.kills++;
            cache.kill(random);
            backing.kill(random);
        }
        scheduler.trace().add(scheduler.steps(), "driver", 0, power ? "power cut" : "kill", "", 0, 0);
        oracle.cut(power);
        untouched = true;
        if (!faulty) {
            lookForDamage();
        }
    }

    /** A cut is never taken for damage. */
    private void lookForDamage() {
        try {
            List<String> damage = subject.damage(cache.copy());
            if (!damage.isEmpty()) {
                throw new SimFailure("after a cut, verify says: " + damage);
            }
        } catch (IOException e) {
            throw new SimFailure("after a cut, verify failed: " + e, e);
        }
    }

    private void lastIncarnation() {
        SimGroup tasks = newGroup();
        Subject.Pair[] opened = new Subject.Pair[1];
        must(perform(tasks, Phase.REPLAY, () -> opened[0] = open(tasks)));
        Subject.Pair pair = opened[0];
        must(perform(tasks, Phase.REQUEST, () -> readAll(pair.disk(), "in the end")));
        must(perform(tasks, Phase.FLUSH, pair::flush));
        SimReader.compareBacking(oracle, backing);
        result.imagesCompared++;
        must(perform(tasks, Phase.STOP, () -> stop(pair)));
        scheduler.kill(tasks);
        SimGroup again = newGroup();
        must(perform(again, Phase.REPLAY, () -> opened[0] = open(again)));
        must(perform(again, Phase.REQUEST, () -> readAll(opened[0].disk(), "after the clean stop")));
        must(perform(again, Phase.STOP, () -> stop(opened[0])));
        scheduler.kill(again);
    }

    static void must(boolean cut) {
        if (cut) {
            throw new IllegalStateException("cut without a plan");
        }
    }

    boolean readAll(Disk disk, String when) {
        return reader(disk, when).readAll(random.oneOf(8, 64, 256));
    }

    SimReader reader(Disk disk, String when) {
        return new SimReader(scheduler, oracle, faults, disk, when);
    }

    /** Something that a task does. */
    @FunctionalInterface
    interface Body {
        void run() throws IOException;
    }

    /** Has a task do something, and waits for it. Returns whether it was cut, or failed for an error that was injected. */
    boolean perform(SimGroup tasks, Phase phase, Body body) {
        boolean[] done = new boolean[1];
        boolean[] failed = new boolean[1];
        plan.enter(phase);
        scheduler.start(tasks, phase.name().toLowerCase(Locale.ROOT), () -> {
            try {
                body.run();
            } catch (IOException e) {
                if (!faults.happened() && !faults.lying()) {
                    throw new SimFailure(phase.label + " failed: " + e, e);
                }
                failed[0] = true;
            }
            done[0] = true;
            scheduler.wakeDriver();
        });
        if (scheduler.driverWaits(phase.label, () -> done[0], POINTS)) {
            return true;
        }
        plan.leave(phase);
        return failed[0];
    }

    void kill(SimGroup tasks) {
        scheduler.kill(tasks);
    }

    SimGroup newGroup() {
        return new SimGroup("incarnation-" + group++);
    }

    private SimTasks in(SimGroup tasks) {
        return new SimTasks(scheduler, tasks);
    }

    private SimDisk device(SimMedium medium) {
        return new SimDisk(medium, scheduler, random.split(), medium == backing && discards, plan);
    }
}
