package writeboost.engine.sim;

import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What one request did, or may have done, to each sector that it covers. Times are counts of the oracle's events.
 */
final class Version {
    /** What the sector reads as. */
    enum Kind {
        /** Its stamp with this version's number. */
        DATA,
        ZERO,
        /** Anything but what belongs to another sector. */
        ANY,
        /** A part of the stamp over {@link #base}. */
        PART
    }

    static final long OPEN = Long.MAX_VALUE;

    final int number;
    final Kind kind;
    final long startedAt;
    /** {@link #OPEN} while in flight. */
    private long endedAt = OPEN;

    final @Nullable Version base;
    final int partFrom;
    final int partTo;
    /** Of a part: the version of the request, whose times count. */
    private final @Nullable Version request;

    Version(int number, Kind kind, long startedAt) {
        this.number = number;
        this.kind = kind;
        this.startedAt = startedAt;
        this.base = null;
        this.partFrom = 0;
        this.partTo = Stamp.SECTOR;
        this.request = null;
    }

    /** Bytes of {@code request} over what {@code base} left of one sector. */
    Version(Version request, Version base, int partFrom, int partTo) {
        this.number = request.number;
        this.kind = Kind.PART;
        this.startedAt = request.startedAt;
        this.base = base;
        this.partFrom = partFrom;
        this.partTo = partTo;
        this.request = request;
    }

    private Version(Version of, @Nullable Version base, @Nullable Version request) {
        this.number = of.number;
        this.kind = of.kind;
        this.startedAt = of.startedAt;
        this.endedAt = of.endedAt;
        this.base = base;
        this.partFrom = of.partFrom;
        this.partTo = of.partTo;
        this.request = request;
    }

    /** A copy whose end is its own. */
    Version copy(IdentityHashMap<Version, Version> copies) {
        Version known = copies.get(this);
        if (known == null) {
            known = new Version(
                    this, base == null ? null : base.copy(copies), request == null ? null : request.copy(copies));
            copies.put(this, known);
        }
        return known;
    }

    long endedAt() {
        return request == null ? endedAt : request.endedAt;
    }

    /** Of a part, its whole request ends. */
    void end(long at) {
        if (request == null) {
            endedAt = at;
        } else {
            request.endedAt = at;
        }
    }

    /** Whether this had ended before {@code later} began. */
    boolean isBefore(Version later) {
        return endedAt() < later.startedAt;
    }

    boolean inFlight() {
        return endedAt() == OPEN;
    }

    /** Whether what was read is this version of the sector. */
    boolean matches(byte[] read, int at, int sector) {
        return switch (kind) {
            case DATA -> Stamp.matches(read, at, sector, number);
            case ZERO -> Stamp.isZero(read, at);
            case ANY -> !Stamp.isForeign(read, at, sector);
            case PART -> matchesPart(read, at, sector, 0, Stamp.SECTOR);
        };
    }

    /** As {@link #matches}, but only for some bytes of the sector; {@code at} is where its first byte would be. */
    boolean matchesPart(byte[] read, int at, int sector, int from, int to) {
        byte[] expected = new byte[Stamp.SECTOR];
        boolean[] known = new boolean[Stamp.SECTOR];
        render(expected, known, sector);
        for (int i = from; i < to; i++) {
            if (known[i] && expected[i] != read[at + i]) {
                return false;
            }
        }
        return true;
    }

    private void render(byte[] into, boolean[] known, int sector) {
        byte[] mine = new byte[Stamp.SECTOR];
        if (kind == Kind.DATA || kind == Kind.PART) {
            Stamp.fill(mine, 0, sector, number);
        }
        if (base != null) {
            base.render(into, known, sector);
        }
        for (int i = partFrom; i < partTo; i++) {
            into[i] = mine[i];
            known[i] = kind != Kind.ANY;
        }
    }

    @Override
    public String toString() {
        return number
                + (kind == Kind.DATA ? "" : " " + kind)
                + (base == null ? "" : " [" + partFrom + ".." + partTo + ") over " + base)
                + (inFlight() ? " in flight" : "");
    }
}
