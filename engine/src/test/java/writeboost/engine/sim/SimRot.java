package writeboost.engine.sim;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Damage to a cache device that nobody has open: turns bits of something that counts, asks whether {@code verify} sees it, and
 * says what opening the pair must then do. What is not data of a client is mended afterwards.
 */
final class SimRot {
    private static final FaultKind[] KINDS = {
        FaultKind.ROT_DIRTY,
        FaultKind.ROT_DIRTY,
        FaultKind.ROT_CLEAN,
        FaultKind.ROT_HEADER,
        FaultKind.ROT_LAST_HEADER,
        FaultKind.ROT_CHECKPOINT,
        FaultKind.ROT_CHECKPOINTS,
        FaultKind.ROT_SUPERBLOCK,
        FaultKind.ROT_SUPERBLOCKS
    };

    private final SimMedium cache;
    private final Oracle oracle;
    private final List<Subject.Part> struck = new ArrayList<>();
    private final List<Long> places = new ArrayList<>();
    private final List<byte[]> rotten = new ArrayList<>();
    private final List<Integer> bits = new ArrayList<>();
    private final FaultKind kind;

    private SimRot(SimMedium cache, Oracle oracle, FaultKind kind) {
        this.cache = cache;
        this.oracle = oracle;
        this.kind = kind;
    }

    /** Damages something; null if nothing suitable is there. */
    static @Nullable SimRot strike(SimMedium cache, Oracle oracle, Subject subject, SimRandom random)
            throws IOException {
        FaultKind kind = KINDS[random.below(KINDS.length)];
        List<Subject.Part> parts = new ArrayList<>();
        boolean settled = true;
        for (Subject.Part part : subject.parts(cache.copy())) {
            if (part.kind() == kind && cache.isSettled(part.offsetBytes())) {
                parts.add(part);
            }
            settled &= part.kind() != kind || cache.isSettled(part.offsetBytes());
        }
        boolean all = kind == FaultKind.ROT_CHECKPOINTS || kind == FaultKind.ROT_SUPERBLOCKS;
        if (parts.isEmpty() || (all && !settled)) {
            return null;
        }
        SimRot rot = new SimRot(cache, oracle, kind);
        boolean several = kind == FaultKind.ROT_DIRTY || kind == FaultKind.ROT_CLEAN;
        int count = all ? parts.size() : several ? Math.min(parts.size(), random.between(1, 3)) : 1;
        for (int i = 0; i < count; i++) {
            Subject.Part part = parts.remove(random.below(parts.size()));
            rot.damage(part, random.below(LogMap.BLOCK), 1 << random.below(8));
        }
        return rot;
    }

    /** Damages a byte of something. */
    static SimRot at(SimMedium cache, Oracle oracle, Subject.Part part, int at, int mask) {
        SimRot rot = new SimRot(cache, oracle, part.kind());
        rot.damage(part, at, mask);
        return rot;
    }

    private void damage(Subject.Part part, int at, int mask) {
        byte[] content = cache.block(part.offsetBytes(), false);
        for (int i = 0; i < 8; i++) {
            if (kind == FaultKind.ROT_DIRTY && (part.dirty() >> i & 1) != 0) {
                oracle.damaged((int) part.address() * 8 + i, content, i * Stamp.SECTOR);
            }
        }
        cache.rot(part.offsetBytes() + at, mask);
        oracle.note(part + " rots");
        struck.add(part);
        places.add(part.offsetBytes() + at);
        bits.add(mask);
        rotten.add(cache.block(part.offsetBytes(), false));
    }

    @Override
    public String toString() {
        return " at " + struck;
    }

    FaultKind kind() {
        return kind;
    }

    /** How many places it damaged. */
    int count() {
        return struck.size();
    }

    /** Whether the pair must be refused. */
    boolean mustBeRefused() {
        return kind == FaultKind.ROT_CHECKPOINTS || kind == FaultKind.ROT_SUPERBLOCKS;
    }

    /** Whether the pair may be refused. A last header that is gone may be known from one behind it that does not count any more. */
    boolean mayBeRefused() {
        return mustBeRefused() || kind == FaultKind.ROT_LAST_HEADER;
    }

    /** The sectors that must be read as errors. */
    Set<Integer> lostSectors() {
        Set<Integer> lost = new TreeSet<>();
        for (Subject.Part part : struck) {
            for (int i = 0; i < 8; i++) {
                if (kind == FaultKind.ROT_DIRTY && (part.dirty() >> i & 1) != 0) {
                    lost.add((int) part.address() * 8 + i);
                }
            }
        }
        return lost;
    }

    /** The blocks of the disk whose copies it damaged. */
    Set<Integer> blocks() {
        Set<Integer> blocks = new TreeSet<>();
        for (Subject.Part part : struck) {
            if (part.address() >= 0) {
                blocks.add((int) part.address());
            }
        }
        return blocks;
    }

    /** Turns the bits back, where nothing else was written meanwhile. */
    void mend() {
        for (int i = 0; i < struck.size(); i++) {
            long block = struck.get(i).offsetBytes();
            if (cache.isSettled(block) && Arrays.equals(cache.block(block, false), rotten.get(i))) {
                cache.rot(places.get(i), bits.get(i));
            }
        }
    }
}
