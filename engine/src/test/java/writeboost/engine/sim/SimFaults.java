package writeboost.engine.sim;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import writeboost.engine.device.DeviceException;

/** What the simulated disks are to suffer: from the n-th call of a kind from now on, so many times. */
final class SimFaults {
    /** For ever. */
    static final int STICKY = Integer.MAX_VALUE;

    /** A fault that is planned. */
    static final class Fault {
        final FaultKind kind;
        final boolean cache;
        private final Set<SimDisk.Op> ops;
        private int countdown;
        private int times;
        /** Where it strikes, in bytes; everywhere by default. */
        private long from;

        private long length = Long.MAX_VALUE;
        private boolean lasting;
        private int period;
        private boolean whileOpening;
        private int struck;

        Fault(FaultKind kind, boolean cache, Set<SimDisk.Op> ops, int nth, int times) {
            this.kind = kind;
            this.cache = cache;
            this.ops = ops;
            this.countdown = nth;
            this.times = times;
        }

        /** Only calls that touch this place. */
        Fault at(long offsetBytes, long lengthBytes) {
            from = offsetBytes;
            length = lengthBytes;
            return this;
        }

        /** After it has struck, only the n-th call from then on again. */
        Fault every(int calls) {
            period = calls;
            return this;
        }

        /** Also while the pair is being opened. */
        Fault whileOpening() {
            whileOpening = true;
            return this;
        }

        /** It stays over openings. */
        Fault lasting() {
            lasting = true;
            return this;
        }

        boolean isPlace() {
            return length != Long.MAX_VALUE;
        }

        long from() {
            return from;
        }

        long length() {
            return length;
        }

        /** How many more calls it takes until it strikes. */
        int countdown() {
            return countdown;
        }

        /** How often it has struck. */
        int struck() {
            return struck;
        }

        private boolean matches(boolean onCache, SimDisk.Op op, long offset, long size) {
            boolean touches = !isPlace() || (offset < from + length && from < offset + size);
            return onCache == cache && ops.contains(op) && touches;
        }

        DeviceException.@Nullable Kind error() {
            return switch (kind) {
                case FREEZE, STALE_READ, MISDIRECTED_READ, ROT_RUNNING, LYING_FLUSH -> null;
                case NO_SPACE -> DeviceException.Kind.NO_SPACE;
                case GONE -> DeviceException.Kind.GONE;
                default -> DeviceException.Kind.IO;
            };
        }

        @Override
        public String toString() {
            return kind + (cache ? " of the cache device" : " of the backing device");
        }
    }

    private static final Set<SimDisk.Op> WRITES = EnumSet.of(SimDisk.Op.WRITE, SimDisk.Op.ZERO);
    private static final SimDisk.Op[] OPS = {SimDisk.Op.READ, SimDisk.Op.WRITE, SimDisk.Op.SYNC};

    private final List<Fault> faults = new ArrayList<>();
    private final FaultCounts counts = new FaultCounts();
    private int injected;
    private boolean severe;
    private boolean lying;
    private SimDisk.@Nullable Op onlyOp;
    private boolean onlyCache;

    /** From now on only calls of this kind are planned to fail. */
    void only(boolean cache, SimDisk.Op op) {
        onlyOp = op;
        onlyCache = cache;
    }

    /** Plans one. */
    Fault add(Fault fault) {
        faults.add(fault);
        lying |= fault.kind == FaultKind.LYING_FLUSH;
        return fault;
    }

    /** Plans a few at random. */
    void plan(SimRandom random, long cacheBytes, long backingBytes) {
        for (int i = random.between(1, 3); i > 0; i--) {
            boolean cache = random.chance(0.6);
            int nth = 1 + random.below(random.oneOf(5, 40));
            int times = random.oneOf(1, 1, 1, 2, 4, 20);
            SimDisk.Op op = OPS[random.below(OPS.length)];
            int what = random.below(20);
            if (onlyOp != null) {
                add(error(onlyCache, onlyOp, nth, Math.min(times, 2), 0));
            } else if (what < 10) {
                add(error(cache, op, nth, times, random.below(4)));
            } else if (what < 13) {
                planPlace(random, cache, op, cache ? cacheBytes : backingBytes);
            } else if (what < 15) {
                add(new Fault(FaultKind.FREEZE, cache, EnumSet.allOf(SimDisk.Op.class), nth, random.oneOf(1, 1, 3)));
            } else if (what == 15) {
                add(new Fault(FaultKind.GONE, cache, EnumSet.allOf(SimDisk.Op.class), nth + random.below(60), STICKY));
            } else {
                planRead(random, nth, times);
            }
        }
    }

    private static Fault error(boolean cache, SimDisk.Op op, int nth, int times, int how) {
        int lasts = times == 20 ? STICKY : times;
        FaultKind kind = switch (op) {
            case READ -> how == 0 ? FaultKind.SHORT_READ : FaultKind.READ_ERROR;
            case SYNC -> FaultKind.SYNC_ERROR;
            default -> how == 0 ? FaultKind.SHORT_WRITE : how == 1 ? FaultKind.NO_SPACE : FaultKind.WRITE_ERROR;
        };
        Set<SimDisk.Op> ops = op == SimDisk.Op.WRITE ? WRITES : EnumSet.of(op);
        return new Fault(lasts == STICKY ? FaultKind.STICKY : kind, cache, ops, nth, lasts);
    }

    private void planPlace(SimRandom random, boolean cache, SimDisk.Op op, long bytes) {
        int sectors = (int) (bytes / SimWrite.SECTOR);
        // Of the backing device the blocks that most requests touch.
        int first = random.below(cache || random.chance(0.3) ? sectors : Math.min(sectors, 16 * 8));
        int count = Math.min(sectors - first, 1 + random.below(random.oneOf(1, 8, 200)));
        Set<SimDisk.Op> ops = op == SimDisk.Op.READ ? EnumSet.of(op) : WRITES;
        Fault fault = new Fault(FaultKind.BAD_PLACE, cache, ops, 1, STICKY)
                .at((long) first * SimWrite.SECTOR, (long) count * SimWrite.SECTOR);
        boolean stays = !cache && op != SimDisk.Op.READ && random.chance(0.5);
        add(stays ? fault.lasting() : fault);
    }

    private void planRead(SimRandom random, int nth, int times) {
        FaultKind kind = random.chance(0.4)
                ? FaultKind.ROT_RUNNING
                : random.chance(0.5) ? FaultKind.STALE_READ : FaultKind.MISDIRECTED_READ;
        int lasts = kind == FaultKind.ROT_RUNNING ? 1 : Math.min(times, 4);
        add(new Fault(kind, true, EnumSet.of(SimDisk.Op.READ), nth, lasts));
    }

    /** No more of them, but for the lasting ones. */
    void clear() {
        faults.removeIf(f -> !f.lasting);
        injected = 0;
        severe = false;
    }

    /** No more of them at all. */
    void repair() {
        faults.clear();
        lying = false;
        clear();
    }

    /**
     * What a call suffers, or null.
     *
     * @param serving whether the pair is open: only then what is read wrongly is known to be wrong
     */
    @Nullable Fault strike(boolean cache, SimDisk.Op op, long offset, long length, boolean serving) {
        Fault struck = null;
        for (int i = faults.size() - 1; i >= 0; i--) {
            Fault fault = faults.get(i);
            boolean onlyServing = fault.kind == FaultKind.STALE_READ
                    || fault.kind == FaultKind.MISDIRECTED_READ
                    || fault.kind == FaultKind.ROT_RUNNING;
            if ((serving || !onlyServing || fault.whileOpening)
                    && fault.matches(cache, op, offset, length)
                    && --fault.countdown <= 0) {
                fault.countdown = fault.period;
                struck = fault;
                fault.struck++;
                if (fault.times != STICKY && --fault.times == 0) {
                    faults.remove(i);
                }
            }
        }
        if (struck != null) {
            counts.add(struck.kind, cache, 1);
            injected++;
            severe |= struck.kind == FaultKind.STICKY || struck.kind == FaultKind.GONE;
        }
        return struck;
    }

    /** One was injected otherwise. */
    void count(FaultKind kind, boolean cache) {
        counts.add(kind, cache, 1);
    }

    /** One could not be injected after all. */
    void uncount(FaultKind kind) {
        counts.add(kind, true, -1);
    }

    /** Whether errors have to be expected now. */
    boolean happened() {
        return injected > 0;
    }

    /** Whether a device has failed for good, so that nothing need be served any more until the pair is opened again. */
    boolean severe() {
        return severe;
    }

    /** Whether a device says that it has made durable what it has not. */
    boolean lying() {
        return lying;
    }

    /** Whether a read may fail that began when so many had struck. */
    boolean mayFail(int injectedBefore) {
        return lying || severe || injected > injectedBefore;
    }

    /** How many have struck since the last {@link #clear}. */
    int injected() {
        return injected;
    }

    /** How often each has struck. */
    FaultCounts counts() {
        return counts;
    }
}
