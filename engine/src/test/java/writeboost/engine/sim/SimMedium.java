package writeboost.engine.sim;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import writeboost.engine.device.MemoryDevice;

/**
 * What a simulated disk holds: it outlives the engine that uses it.
 *
 * <ul>
 *   <li>A write is <em>in flight</em> from its begin to its end. Readers see each of its sectors old or new, and, once
 *       new, never old again.
 *   <li>Landed, it is seen by every read, but only a flush that began later makes it durable; a flush makes exactly those
 *       durable that had landed when it began.
 *   <li>A flush that fails leaves what it should have covered, and any part of what landed while it was on its way, in
 *       <em>limbo</em>: read as written, covered by no later flush; whether it survives is decided by the next cut or kill.
 *   <li>A power cut decides for each unflushed write, and for each sector of a torn one, whether it survives. As each is
 *       decided for itself, what survives is reordered.
 *   <li>A kill decides what was in flight; what had landed stays readable, and stays not durable.
 * </ul>
 *
 * <p>Used by one task at a time.
 */
final class SimMedium {
    private static final int PAGE_SECTORS = 8;
    private static final int PAGE = PAGE_SECTORS * SimWrite.SECTOR;

    final String name;
    final long sizeBytes;
    private final byte[] @Nullable [] durable;
    private final byte[] @Nullable [] visible;
    /** What a page held before it was written last; null where nobody asks. */
    private byte @Nullable [] @Nullable [] before;

    private final List<SimWrite> landed = new ArrayList<>();
    private final List<SimWrite> limbo = new ArrayList<>();
    private final List<SimWrite> inFlight = new ArrayList<>();
    /** Only of a {@link #fork}. */
    private final List<SimWrite> undecided = new ArrayList<>();
    /** How often each page was written. */
    private final int[] versions;

    private long orders;

    SimMedium(String name, long sizeBytes) {
        this.name = name;
        this.sizeBytes = sizeBytes;
        int pages = Math.toIntExact((sizeBytes + PAGE - 1) / PAGE);
        this.durable = new byte[pages][];
        this.visible = new byte[pages][];
        this.versions = new int[pages];
    }

    /** Keeps what pages held before, for {@link #before}. */
    void keepBefore() {
        if (before == null) {
            before = new byte[visible.length][];
        }
    }

    /** A copy of what is durable and of what is not decided yet. */
    SimMedium fork() {
        SimMedium copy = new SimMedium(name, sizeBytes);
        for (int page = 0; page < durable.length; page++) {
            byte[] from = durable[page];
            copy.durable[page] = from == null ? null : from.clone();
        }
        copy.before = before == null ? null : before.clone();
        for (List<SimWrite> writes : List.of(undecided, limbo, landed, inFlight)) {
            writes.forEach(write -> copy.undecided.add(write.copy()));
        }
        return copy;
    }

    /** What a fork has left to decide, in the order in which it was written. */
    List<SimWrite> forked() {
        return undecided;
    }

    /** Decides, for a fork, all that is left: these writes survive, in this order, nothing else does. */
    void decide(List<SimWrite> surviving) {
        for (SimWrite write : surviving) {
            apply(write, durable);
        }
        undecided.clear();
        for (int page = 0; page < durable.length; page++) {
            byte[] from = durable[page];
            visible[page] = from == null ? null : from.clone();
        }
    }

    /** Durable content at the start of a run. */
    void preset(long offsetBytes, byte[] content) {
        SimWrite write = new SimWrite((int) (offsetBytes / SimWrite.SECTOR), content.length / SimWrite.SECTOR, content);
        apply(write, visible);
        apply(write, durable);
    }

    SimWrite begin(int first, int count, byte @Nullable [] data) {
        SimWrite write = new SimWrite(first, count, data);
        inFlight.add(write);
        return write;
    }

    /** The write has reached the device's cache. */
    void land(SimWrite write) {
        inFlight.remove(write);
        landNow(write);
    }

    private void landNow(SimWrite write) {
        write.order = ++orders;
        keepBefore(write);
        apply(write, visible);
        landed.add(write);
    }

    private void keepBefore(SimWrite write) {
        byte[] @Nullable [] pages = before;
        for (int page = write.first / PAGE_SECTORS; page <= (write.first + write.count - 1) / PAGE_SECTORS; page++) {
            versions[page]++;
            if (pages != null) {
                byte[] now = visible[page];
                pages[page] = now == null ? null : now.clone();
            }
        }
    }

    /** What a block of 4 KiB held before it was written last; null if that is not known. */
    byte @Nullable [] before(long offsetBytes) {
        byte[] @Nullable [] pages = before;
        return pages == null ? null : pages[(int) (offsetBytes / PAGE)];
    }

    /** The write has failed: some of its sectors may have been written all the same. */
    void fail(SimWrite write, SimRandom random) {
        inFlight.remove(write);
        landSome(write, random, random.oneOf(0, 0.5, 1));
    }

    /** The write has ended half-way. */
    void landFirst(SimWrite write, int sectors) {
        inFlight.remove(write);
        for (int i = 0; i < sectors; i++) {
            if (!write.isGone(i)) {
                landNow(write.sector(i));
                write.setGone(i);
            }
        }
    }

    /** The write has reached nothing. */
    void drop(SimWrite write) {
        inFlight.remove(write);
    }

    /** Differs when one of these sectors was written meanwhile. */
    int versionOf(int first, int count) {
        int version = 0;
        for (int page = first / PAGE_SECTORS; page <= (first + count - 1) / PAGE_SECTORS; page++) {
            version = version * 31 + versions[page];
        }
        return version;
    }

    private void landSome(SimWrite write, SimRandom random, double share) {
        for (int i = 0; i < write.count; i++) {
            if (!write.isGone(i) && random.chance(share)) {
                landNow(write.sector(i));
                write.setGone(i);
            }
        }
    }

    /** Reads sectors; of writes in flight each sector is old or new. */
    void read(int first, int count, byte[] into, int at, SimRandom random) {
        for (int w = 0; w < inFlight.size(); w++) {
            SimWrite write = inFlight.get(w);
            for (int i = 0; write.overlaps(first, count) && i < write.count; i++) {
                int sector = write.first + i;
                if (sector >= first && sector < first + count && !write.isGone(i) && random.chance(0.5)) {
                    landNow(write.sector(i));
                    write.setGone(i);
                }
            }
        }
        copy(visible, first, count, into, at);
    }

    /** Writes that have landed, since the beginning. */
    long writes() {
        return orders;
    }

    /** Order up to which a flush that begins now makes writes durable. */
    long flushBegin() {
        return orders;
    }

    void flushEnd(long upTo) {
        int n = 0;
        while (n < landed.size() && landed.get(n).order <= upTo) {
            SimWrite write = landed.get(n++);
            apply(write, durable);
            for (SimWrite old : limbo) {
                forget(old, write);
            }
        }
        landed.subList(0, n).clear();
    }

    /**
     * A flush has failed. What had landed when it began is in limbo, and so may be what landed while it was on its way: the error is
     * told only once, and the system calls all of it clean.
     */
    void flushFailed(long upTo, SimRandom random) {
        double keptShare = random.oneOf(0, 0.5, 1);
        List<SimWrite> kept = new ArrayList<>();
        for (SimWrite write : landed) {
            if (write.order > upTo && random.chance(keptShare)) {
                kept.add(write);
            } else if (write.unmaps) {
                apply(write, durable);
            } else {
                limbo.add(write);
            }
        }
        landed.clear();
        landed.addAll(kept);
    }

    private static void forget(SimWrite old, SimWrite by) {
        for (int i = 0; old.overlaps(by.first, by.count) && i < old.count; i++) {
            int sector = old.first + i;
            if (sector >= by.first && sector < by.first + by.count && !by.isGone(sector - by.first)) {
                old.setGone(i);
            }
        }
    }

    /** Writes that a power cut now would decide about. */
    int undecided() {
        return landed.size() + limbo.size() + inFlight.size();
    }

    boolean hasInFlight() {
        return !inFlight.isEmpty();
    }

    /** Cuts the power. Returns the sectors that were left neither old nor new. */
    BitSet cutPower(SimRandom random, CutProfile profile) {
        BitSet garbled = new BitSet();
        List<SimWrite> open = new ArrayList<>(limbo);
        open.addAll(landed);
        int settled = open.size();
        open.addAll(inFlight);
        for (int i = 0; i < open.size(); i++) {
            decide(open.get(i), i >= settled, random, profile, garbled);
        }
        for (SimWrite write : open) {
            for (int sector = write.first; sector < write.first + write.count; sector++) {
                copySector(sector);
            }
        }
        clear();
        return garbled;
    }

    private void decide(SimWrite write, boolean flying, SimRandom random, CutProfile profile, BitSet garbled) {
        if (random.chance(profile.keep())) {
            apply(write, durable);
        } else if (random.chance(profile.tear())) {
            for (int i = 0; i < write.count; i++) {
                if (write.isGone(i)) {
                    continue;
                }
                if (random.chance(profile.keepSector())) {
                    apply(write.sector(i), durable);
                } else if (flying && random.chance(profile.garbage() / write.count)) {
                    apply(new SimWrite(write.first + i, 1, garbage(random)), durable);
                    garbled.set(write.first + i);
                }
            }
        }
    }

    /** The process is gone, the machine stays. */
    void kill(SimRandom random) {
        double share = random.oneOf(0.1, 0.5, 0.9);
        for (SimWrite write : limbo) {
            if (random.chance(share)) {
                apply(write, durable);
            }
        }
        for (SimWrite write : limbo) { // only now: several of them may be of one place
            for (int i = 0; i < write.count; i++) {
                if (!write.isGone(i) && !isLanded(write.first + i)) {
                    copySector(write.first + i);
                }
            }
        }
        limbo.clear();
        for (SimWrite write : List.copyOf(inFlight)) {
            if (random.chance(share)) {
                landNow(write);
            } else if (random.chance(0.3)) {
                landSome(write, random, 0.5);
            }
        }
        inFlight.clear();
    }

    private boolean isLanded(int sector) {
        for (SimWrite write : landed) {
            if (write.overlaps(sector, 1) && !write.isGone(sector - write.first)) {
                return true;
            }
        }
        return false;
    }

    private void clear() {
        landed.clear();
        limbo.clear();
        inFlight.clear();
    }

    /** Whether nothing is on its way to a block of 4 KiB, so that it may rot. */
    boolean isSettled(long offsetBytes) {
        int first = (int) (offsetBytes / SimWrite.SECTOR);
        for (List<SimWrite> writes : List.of(landed, limbo, inFlight)) {
            for (SimWrite write : writes) {
                if (write.overlaps(first, PAGE_SECTORS)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Turns bits of a byte, for good. */
    void rot(long offsetBytes, int bits) {
        for (byte[] @Nullable [] pages : List.of(visible, durable)) {
            int page = (int) (offsetBytes / PAGE);
            byte[] bytes = pages[page];
            if (bytes == null) {
                bytes = new byte[PAGE];
                pages[page] = bytes;
            }
            bytes[(int) (offsetBytes % PAGE)] ^= (byte) bits;
        }
    }

    /** A block of 4 KiB as it is read, or as it is durable, for looking at a device from outside. */
    byte[] block(long offsetBytes, boolean asDurable) {
        byte[] bytes = new byte[PAGE];
        copy(asDurable ? durable : visible, (int) (offsetBytes / SimWrite.SECTOR), PAGE_SECTORS, bytes, 0);
        return bytes;
    }

    static byte[] garbage(SimRandom random) {
        byte[] bytes = new byte[SimWrite.SECTOR];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.below(256);
        }
        return bytes;
    }

    /** What is durable, for looking at a device from outside. */
    void readDurable(int first, int count, byte[] into, int at) {
        copy(durable, first, count, into, at);
    }

    /** What is read now, for looking at a device from outside. */
    MemoryDevice copy() throws IOException {
        MemoryDevice device = new MemoryDevice(name, sizeBytes);
        for (int page = 0; page < visible.length; page++) {
            byte[] from = visible[page];
            if (from != null) {
                device.write((long) page * PAGE, ByteBuffer.wrap(from, 0, (int)
                        Math.min(PAGE, sizeBytes - (long) page * PAGE)));
            }
        }
        return device;
    }

    // ---- pages ----

    private static void apply(SimWrite write, byte[] @Nullable [] pages) {
        for (int i = 0; i < write.count; i++) {
            int run = Math.min(write.count - i, PAGE_SECTORS - (write.first + i) % PAGE_SECTORS);
            if (write.gone != null) {
                run = 1;
                if (write.isGone(i)) {
                    continue;
                }
            }
            put(pages, write.first + i, run, write.data, i * SimWrite.SECTOR);
            i += run - 1;
        }
    }

    private static void put(byte[] @Nullable [] pages, int first, int run, byte @Nullable [] data, int at) {
        int page = first / PAGE_SECTORS;
        byte[] to = pages[page];
        if (to == null) {
            if (data == null) {
                return;
            }
            to = new byte[PAGE];
            pages[page] = to;
        }
        int offset = first % PAGE_SECTORS * SimWrite.SECTOR;
        int length = run * SimWrite.SECTOR;
        if (data == null) {
            Arrays.fill(to, offset, offset + length, (byte) 0);
        } else {
            System.arraycopy(data, at, to, offset, length);
        }
    }

    private static void copy(byte[] @Nullable [] pages, int first, int count, byte[] into, int at) {
        for (int i = 0; i < count; ) {
            int run = Math.min(count - i, PAGE_SECTORS - (first + i) % PAGE_SECTORS);
            byte[] from = pages[(first + i) / PAGE_SECTORS];
            int to = at + i * SimWrite.SECTOR;
            if (from == null) {
                Arrays.fill(into, to, to + run * SimWrite.SECTOR, (byte) 0);
            } else {
                System.arraycopy(from, (first + i) % PAGE_SECTORS * SimWrite.SECTOR, into, to, run * SimWrite.SECTOR);
            }
            i += run;
        }
    }

    /** Makes what is read equal to what is durable. */
    private void copySector(int sector) {
        byte[] from = durable[sector / PAGE_SECTORS];
        put(visible, sector, 1, from, sector % PAGE_SECTORS * SimWrite.SECTOR);
    }
}
