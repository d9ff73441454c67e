package writeboost.engine.sim;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what {@link SimFaults} plan: does to the disks what the faults do, and tells the oracle which blocks may be lost by
 * it. Counts what a run came through.
 */
final class SimTroubles {
    /** Tries to find a block that may rot. */
    private static final int TRIES = 20;

    private final SimFaults faults;
    private final Oracle oracle;
    private final Subject subject;
    private final SimMedium cache;
    private final SimMedium backing;
    private final SimRandom random;
    private final EnumMap<Situation, Integer> situations = new EnumMap<>(Situation.class);
    /** Clean blocks that could not be read since the pair was opened. */
    private final Set<Long> badClean = new HashSet<>();

    private Subject.@Nullable Pair serving;

    SimTroubles(
            SimFaults faults, Oracle oracle, Subject subject, SimMedium cache, SimMedium backing, SimRandom random) {
        this.faults = faults;
        this.oracle = oracle;
        this.subject = subject;
        this.cache = cache;
        this.backing = backing;
        this.random = random;
    }

    void note(Situation situation) {
        situations.merge(situation, 1, Integer::sum);
    }

    EnumMap<Situation, Integer> situations() {
        return situations;
    }

    /** The pair was opened. */
    void opened(Subject.Pair pair) {
        serving = pair;
        if (!badClean.isEmpty()) {
            note(Situation.BAD_CLEAN_AGAIN);
        }
        badClean.clear();
    }

    /** Nothing is open any more. */
    void closed() {
        serving = null;
    }

    /** What a call suffers, or null. */
    SimFaults.@Nullable Fault strike(SimMedium medium, SimDisk.Op op, long offset, long length) {
        boolean onCache = medium == cache;
        SimFaults.Fault fault = faults.strike(onCache, op, offset, length, isAtWork());
        if (fault == null) {
            return null;
        }
        oracle.note(fault + ": " + op + " of " + length + " bytes at " + offset);
        switch (fault.kind) {
            case GONE -> {
                if (fault.struck() == 1) {
                    medium.cutPower(random, CutProfile.random(random, true));
                }
            }
            case ROT_RUNNING -> rotSomewhere();
            case BAD_PLACE -> {
                if (!onCache && op != SimDisk.Op.READ && fault.struck() > 2) {
                    note(Situation.REFUSING_BLOCK);
                }
            }
            default -> {}
        }
        if (isAtWork() && onCache && op == SimDisk.Op.READ && fault.kind != FaultKind.FREEZE) {
            long from = fault.isPlace() ? Math.max(offset, fault.from()) : offset;
            long end = fault.isPlace() ? Math.min(offset + length, fault.from() + fault.length()) : offset + length;
            mayBeLost(from, end - from);
        }
        Subject.Pair pair = serving;
        if (onCache && op == SimDisk.Op.SYNC && fault.error() != null && pair != null && pair.isNearlyFull()) {
            note(Situation.FULL_LOG_FAILED_FLUSH);
        }
        return fault;
    }

    /**
     * Whether what can't be read is known to be lost, not only missed by replay: the engine's tasks go to work, and write back,
     * before its opening has returned.
     */
    private boolean isAtWork() {
        return serving != null || Thread.currentThread().getName().startsWith("wb-");
    }

    /** The cache device does not give back what it holds here. */
    private void mayBeLost(long offset, long length) {
        for (LogMap.Held held : subject.held(cache, offset, length)) {
            mayBeLost(held);
            if (isOnBacking(held)) {
                badClean.add(held.address());
            }
        }
    }

    private void mayBeLost(LogMap.Held held) {
        byte[] content = cache.block(held.at(), false);
        for (int i = 0; i < 8; i++) {
            int sector = (int) held.address() * 8 + i;
            if ((held.dirty() >> i & 1) != 0 && sector < oracle.sectorCount()) {
                oracle.damaged(sector, content, i * Stamp.SECTOR);
            }
        }
    }

    private boolean isOnBacking(LogMap.Held held) {
        long at = held.address() * LogMap.BLOCK;
        return at + LogMap.BLOCK <= backing.sizeBytes
                && Arrays.equals(cache.block(held.at(), false), backing.block(at, true));
    }

    /** A bit of a data block that is known to be durable turns over. */
    private void rotSomewhere() {
        long durable = subject.durable(cache);
        for (int i = 0; i < TRIES; i++) {
            List<LogMap.Held> held = subject.held(cache, random.below(cache.sizeBytes), 1);
            if (held.isEmpty()) {
                continue;
            }
            LogMap.Held victim = held.get(0);
            if (victim.seq() <= durable && cache.isSettled(victim.at())) {
                mayBeLost(victim);
                oracle.note(victim + " rots");
                cache.rot(victim.at() + random.below(LogMap.BLOCK), 1 << random.below(8));
                return;
            }
        }
        faults.uncount(FaultKind.ROT_RUNNING);
    }
}
