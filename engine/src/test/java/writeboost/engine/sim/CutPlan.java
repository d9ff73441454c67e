package writeboost.engine.sim;

import java.util.EnumMap;
import org.jspecify.annotations.Nullable;

/**
 * Follows what goes on at the devices, and asks for the cut at its time: after some scheduling points, or in the n-th
 * occurrence of a phase, at its begin, inside it, or at its end.
 */
final class CutPlan implements SimDisk.Watcher {
    private static final Phase[] PHASES = Phase.values();

    private final SimScheduler scheduler;
    private final Subject subject;
    private final SimMedium cache;
    private final EnumMap<Phase, Integer> active = new EnumMap<>(Phase.class);
    private final SimTroubles troubles;
    private @Nullable Phase target;
    private int countdown;
    private boolean atEnd;
    private int pointsInside;
    private double afterFlush;
    private int sinceCheckpoint;
    private int writtenBack;

    CutPlan(SimScheduler scheduler, Subject subject, SimMedium cache, SimTroubles troubles) {
        this.scheduler = scheduler;
        this.subject = subject;
        this.cache = cache;
        this.troubles = troubles;
        clear();
    }

    /** Forgets what was going on, and plans nothing. */
    void clear() {
        for (Phase phase : PHASES) {
            active.put(phase, 0);
        }
        target = null;
        afterFlush = 0;
        sinceCheckpoint = 0;
        writtenBack = 0;
        scheduler.dontInterrupt();
    }

    /** What is planned, if it is a phase. */
    @Nullable Phase target() {
        return target;
    }

    /** Plans a cut soon after something was acknowledged as durable, each time with this probability. */
    void planAfterFlush(double probability) {
        afterFlush = probability;
    }

    /** Something was acknowledged as durable. */
    void flushed(SimRandom random) {
        if (random.chance(afterFlush)) {
            scheduler.interruptAfter(random.oneOf(0, 0, 3, 20));
        }
    }

    /** Plans a cut in a phase. */
    void plan(Phase phase, SimRandom random) {
        target = phase;
        countdown = 1 + random.below(random.oneOf(1, 3, 10, 30));
        boolean call = isCall(phase);
        if (!call) {
            countdown = 1;
        }
        atEnd = call && random.chance(0.4);
        pointsInside = call ? random.oneOf(0, 0, 1, 3) : random.below(random.oneOf(10, 100, 400));
    }

    private static boolean isCall(Phase phase) {
        return switch (phase) {
            case SUPERBLOCK, CHECKPOINT, SEGMENT, CACHE_SYNC, BACKING_WRITE, BACKING_SYNC -> true;
            default -> false;
        };
    }

    void enter(Phase phase) {
        active.merge(phase, 1, Integer::sum);
        if (phase == target && !atEnd) {
            count();
        }
    }

    void leave(Phase phase) {
        active.merge(phase, -1, Integer::sum);
        if (phase == target && atEnd) {
            count();
        }
    }

    private void count() {
        if (--countdown == 0) {
            scheduler.interruptAfter(pointsInside);
        }
    }

    boolean isActive(Phase phase) {
        return active.getOrDefault(phase, 0) > 0;
    }

    @Override
    public void begins(SimDisk disk, SimDisk.Op op, long offsetBytes, long lengthBytes) {
        Phase phase = phaseOf(disk, op, offsetBytes);
        if (phase != null) {
            enter(phase);
        }
        if (phase == Phase.CHECKPOINT) {
            sinceCheckpoint = 0;
            writtenBack = 0;
        } else if (phase == Phase.SEGMENT) {
            sinceCheckpoint++;
        } else if (phase == Phase.BACKING_WRITE) {
            writtenBack++;
        }
    }

    /** Whether chunks were written since a checkpoint that is still being written began. */
    boolean checkpointStalls() {
        return isActive(Phase.CHECKPOINT) && sinceCheckpoint > 0;
    }

    /** Writes to the backing device since the last checkpoint. */
    int writtenBack() {
        return writtenBack;
    }

    @Override
    public void ends(SimDisk disk, SimDisk.Op op, long offsetBytes, long lengthBytes) {
        Phase phase = phaseOf(disk, op, offsetBytes);
        if (phase != null) {
            leave(phase);
        }
    }

    @Override
    public SimFaults.@Nullable Fault strikes(SimDisk disk, SimDisk.Op op, long offsetBytes, long lengthBytes) {
        return troubles.strike(disk.medium, op, offsetBytes, lengthBytes);
    }

    @Override
    public void overtaken(SimDisk disk) {
        if (disk.medium == cache) {
            troubles.note(Situation.OVERTAKEN_READ);
        }
    }

    private @Nullable Phase phaseOf(SimDisk disk, SimDisk.Op op, long offsetBytes) {
        boolean isCache = disk.medium == cache;
        return switch (op) {
            case READ -> null;
            case SYNC -> isCache ? Phase.CACHE_SYNC : Phase.BACKING_SYNC;
            case WRITE, ZERO, DISCARD -> isCache ? subject.place(offsetBytes) : Phase.BACKING_WRITE;
        };
    }
}
