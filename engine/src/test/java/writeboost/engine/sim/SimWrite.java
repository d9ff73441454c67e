package writeboost.engine.sim;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A write on its way to the medium: a run of whole sectors. */
final class SimWrite {
    static final int SECTOR = 512;

    final int first;
    final int count;
    /** The content; null means zeros. */
    final byte @Nullable [] data;
    /** Sectors that are no longer this write's to decide: landed earlier, or overwritten durably. */
    @Nullable BitSet gone;
    /** Whether it unmaps: what a device has unmapped it does not take back. */
    boolean unmaps;
    /** Order of landing. */
    long order;

    SimWrite(int first, int count, byte @Nullable [] data) {
        this.first = first;
        this.count = count;
        this.data = data;
    }

    boolean overlaps(int otherFirst, int otherCount) {
        return first < otherFirst + otherCount && otherFirst < first + count;
    }

    boolean isGone(int index) {
        return gone != null && gone.get(index);
    }

    void setGone(int index) {
        BitSet set = gone;
        if (set == null) {
            set = new BitSet(count);
            gone = set;
        }
        set.set(index);
    }

    /** A copy that does not follow what becomes of this one. */
    SimWrite copy() {
        SimWrite copy = new SimWrite(first, count, data);
        copy.gone = gone == null ? null : (BitSet) gone.clone();
        copy.unmaps = unmaps;
        return copy;
    }

    /** A copy of which only every other sector arrives, the first one or not. */
    SimWrite torn(boolean withFirst) {
        SimWrite torn = copy();
        for (int i = withFirst ? 1 : 0; i < count; i += 2) {
            torn.setGone(i);
        }
        return torn;
    }

    /** One sector of it, as a write of its own. */
    SimWrite sector(int index) {
        byte[] one = null;
        if (data != null) {
            one = new byte[SECTOR];
            System.arraycopy(data, index * SECTOR, one, 0, SECTOR);
        }
        SimWrite sector = new SimWrite(first + index, 1, one);
        sector.unmaps = unmaps;
        return sector;
    }
}
