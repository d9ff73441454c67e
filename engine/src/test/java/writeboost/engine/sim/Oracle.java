package writeboost.engine.sim;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Knows, for each sector of the disk, which versions a read may return now ({@code cur}) and which a power cut may leave
 * ({@code surv}).
 *
 * <ul>
 *   <li>A request that starts adds its version to both. When it ends well, everything that had ended before it began
 *       leaves {@code cur}; of requests in flight together either may be the last. With FUA it leaves {@code surv} too.
 *   <li>A flush that ends well takes out of {@code surv} what had left {@code cur} when it began.
 *   <li>A read is checked against {@code cur} as it was at any instant from its begin to its end. What it returns, while
 *       nothing was in flight, is what the sector holds: the rest leaves {@code cur}.
 *   <li>At a cut {@code cur} becomes {@code surv}. After it, until a sector is written again, what was read once also
 *       survives every later cut: replay never changes its mind.
 *   <li>What a cut leaves of all sectors together is a prefix of the order of the requests ({@link #checkPrefix}).
 * </ul>
 *
 * <p>After a failed flush a sector is old or new until it is written again, whatever later flushes say.
 */
final class Oracle {
    /** A read on its way. */
    static final class Read {
        final int first;
        final VersionSet[] allowed;
        final long begunAt;
        final String what;

        Read(int first, int count, long begunAt, String what) {
            this.first = first;
            this.allowed = new VersionSet[count];
            this.begunAt = begunAt;
            this.what = what;
        }
    }

    private final OracleSector[] sectors;
    private final List<Read> reads = new ArrayList<>();
    private final OracleHistory history = new OracleHistory();
    private long clock;
    private int versions;
    private long compared;
    private boolean lying;
    private long liedUntil;
    private long lostByLies;
    private boolean overlapping;

    Oracle(int sectorCount) {
        sectors = new OracleSector[sectorCount];
        Version initial = new Version(0, Version.Kind.DATA, 0);
        initial.end(0);
        for (int i = 0; i < sectorCount; i++) {
            sectors[i] = new OracleSector();
            sectors[i].cur.set(initial);
            sectors[i].surv.set(initial);
        }
    }

    int sectorCount() {
        return sectors.length;
    }

    /** From now on nothing that is said to be durable need be: any version may survive. */
    void lying() {
        lying = true;
    }

    /** Sectors that were read, after a cut, as they were before something that was said to be durable. */
    long lostByLies() {
        return lostByLies;
    }

    /** Whether writes in flight have overlapped since this was asked last. */
    boolean overlapped() {
        boolean had = overlapping;
        overlapping = false;
        return had;
    }

    /** Sectors that were read and compared. */
    long compared() {
        return compared;
    }

    /** Content of a sector before the first request. */
    byte[] initialContent() {
        byte[] content = new byte[sectors.length * Stamp.SECTOR];
        for (int i = 0; i < sectors.length; i++) {
            Stamp.fill(content, i * Stamp.SECTOR, i, 0);
        }
        return content;
    }

    /** Whether a request may begin or end inside a sector here: nobody else is writing it. */
    boolean isQuiet(long offsetBytes, long lengthBytes) {
        for (int s = first(offsetBytes); s <= last(offsetBytes, lengthBytes); s++) {
            if (sectors[s].busy > 0) {
                return false;
            }
        }
        return true;
    }

    /** A request begins. Only DATA may begin or end inside a sector, and only where it is quiet, and stays so. */
    Version start(Version.Kind kind, long offsetBytes, long lengthBytes, String what) {
        Version version = new Version(++versions, kind, ++clock);
        history.add(
                clock,
                what + " of version " + versions + " starts",
                first(offsetBytes),
                last(offsetBytes, lengthBytes));
        for (int s = first(offsetBytes); s <= last(offsetBytes, lengthBytes); s++) {
            OracleSector sector = sectors[s];
            int from = (int) Math.max(0, offsetBytes - (long) s * Stamp.SECTOR);
            int to = (int) Math.min(Stamp.SECTOR, offsetBytes + lengthBytes - (long) s * Stamp.SECTOR);
            overlapping |= sector.busy > 0;
            if (kind == Version.Kind.ANY && sector.cur.containsAny(sector.mayBeLost)) {
                sector.mayBeLost.add(version); // a trim is a hint, and need not bring a lost sector back
            }
            if (from == 0 && to == Stamp.SECTOR) {
                admit(s, version);
            } else {
                for (int i = sector.cur.size() - 1; i >= 0; i--) {
                    admit(s, new Version(version, sector.cur.get(i), from, to));
                }
            }
            sector.busy++;
            sector.eventAt = clock;
            sector.settled = false;
        }
        return version;
    }

    private void admit(int s, Version version) {
        sectors[s].cur.add(version);
        sectors[s].surv.add(version);
        for (Read read : reads) {
            if (s >= read.first && s < read.first + read.allowed.length) {
                read.allowed[s - read.first].add(version);
            }
        }
    }

    /** A request has ended well. */
    void acknowledged(Version version, long offsetBytes, long lengthBytes, boolean fua) {
        clock++;
        history.add(
                clock,
                "version " + version.number + " acknowledged" + (fua ? " with FUA" : ""),
                first(offsetBytes),
                last(offsetBytes, lengthBytes));
        for (int s = first(offsetBytes); s <= last(offsetBytes, lengthBytes); s++) {
            OracleSector sector = sectors[s];
            sector.busy--;
            sector.eventAt = clock;
            sector.cur.removeIf(v -> v.isBefore(version));
            for (int i = sector.surv.size() - 1; i >= 0; i--) {
                if (sector.surv.get(i).isBefore(version)) {
                    sector.surv.supersede(i, clock);
                    if (fua && !lying) {
                        sector.surv.removeAt(i);
                    }
                }
            }
        }
        version.end(clock);
    }

    /** A request has ended with an error: it was carried out, or not, or in part. */
    void failed(Version version, long offsetBytes, long lengthBytes) {
        clock++;
        history.add(clock, "version " + version.number + " failed", first(offsetBytes), last(offsetBytes, lengthBytes));
        for (int s = first(offsetBytes); s <= last(offsetBytes, lengthBytes); s++) {
            sectors[s].busy--;
            sectors[s].eventAt = clock;
        }
        version.end(clock);
    }

    // ---- flushes ----

    /** A flush begins; hand the result to its end. */
    long flushBegin() {
        return ++clock;
    }

    void flushed(long begunAt, String what) {
        clock++;
        liedUntil = lying ? begunAt : 0;
        history.add(clock, what + " (begun at " + begunAt + ") ended well");
        for (OracleSector sector : sectors) {
            if (!lying && sector.surv.size() > 1 && sector.isSure(begunAt)) {
                sector.surv.removeSuperseded(begunAt);
            }
        }
    }

    void flushFailed() {
        clock++;
        history.add(clock, "a flush failed");
        for (OracleSector sector : sectors) {
            sector.unsureAt = clock;
        }
    }

    // ---- reads ----

    Read readBegin(long offsetBytes, long lengthBytes, String what) {
        int first = first(offsetBytes);
        Read read = new Read(first, last(offsetBytes, lengthBytes) - first + 1, ++clock, what);
        for (int i = 0; i < read.allowed.length; i++) {
            read.allowed[i] = new VersionSet();
            read.allowed[i].copyFrom(sectors[first + i].cur);
        }
        reads.add(read);
        return read;
    }

    /**
     * A read has ended.
     *
     * @param got what it returned: byte i of it is byte {@code skipped + i} of the first sector
     * @throws SimFailure if it returned what it may not
     */
    void readEnd(Read read, byte[] got, int skipped) {
        reads.remove(read);
        clock++;
        SimFailure first = null;
        Losses losses = Losses.NONE;
        for (int i = 0; i < read.allowed.length; i++) {
            int at = i * Stamp.SECTOR - skipped;
            try {
                if (at >= 0 && at + Stamp.SECTOR <= got.length) {
                    compare(read, read.first + i, read.allowed[i], got, at);
                } else {
                    comparePart(read, read.first + i, read.allowed[i], got, at);
                }
            } catch (SimFailure e) {
                first = first == null ? e : first;
                losses = losses.plus(e.losses());
            }
        }
        if (first != null) {
            throw new SimFailure(String.valueOf(first.getMessage()), losses);
        }
    }

    private void comparePart(Read read, int s, VersionSet allowed, byte[] got, int at) {
        compared++;
        int from = Math.max(0, -at);
        int to = Math.min(Stamp.SECTOR, got.length - at);
        for (int i = 0; i < allowed.size(); i++) {
            if (allowed.get(i).matchesPart(got, at, s, from, to)) {
                return;
            }
        }
        throw new SimFailure(
                String.format(
                        "%s: sector %d holds something else in bytes %d..%d.%n  Allowed: %s%n%s",
                        read.what, s, from, to, allowed, history.of(s)),
                new Losses(0, 1, 0));
    }

    /** A read has ended with an error that is all right. */
    void readFailed(Read read) {
        reads.remove(read);
    }

    private void compare(Read read, int s, VersionSet allowed, byte[] got, int at) {
        compared++;
        OracleSector sector = sectors[s];
        int matched = 0;
        Version match = null;
        for (int i = allowed.size() - 1; i >= 0; i--) {
            if (allowed.get(i).matches(got, at, s)) {
                matched++;
                match = allowed.get(i);
            } else {
                allowed.removeAt(i);
            }
        }
        if (match == null) {
            throw wrong(read, s, got, at);
        }
        if (lying && matched == 1 && sector.cur.supersededAt(match) <= liedUntil) {
            lostByLies++;
        }
        if (sector.eventAt <= read.begunAt && sector.busy == 0) {
            pin(sector, allowed);
        } else if (matched == 1) {
            Version seen = match;
            sector.cur.removeIf(v -> v.isBefore(seen));
        }
    }

    /** Nothing was going on: what was read is what the sector holds. */
    private void pin(OracleSector sector, VersionSet ok) {
        if (sector.cur.size() > 1) {
            sector.cur.removeIf(v -> !ok.contains(v));
        }
        if (sector.surv.size() > 1) {
            for (int i = sector.surv.size() - 1; i >= 0; i--) {
                if (!ok.contains(sector.surv.get(i))) {
                    sector.surv.supersede(i, clock);
                    if (sector.settled && !lying) {
                        sector.surv.removeAt(i);
                    }
                }
            }
        }
    }

    private SimFailure wrong(Read read, int s, byte[] got, int at) {
        OracleSector sector = sectors[s];
        int stamped = Stamp.version(got, at, s);
        return new SimFailure(
                read.what + ": sector " + s + " (block " + s / 8 + ", sector " + s % 8 + " of it) holds "
                        + Stamp.describe(got, at, sectors.length)
                        + (stamped == 0 ? " (as before the first request)" : "")
                        + String.format(".%n  Now allowed: %s%n  May survive: %s%n", sector.cur, sector.surv)
                        + history.of(s),
                Losses.of(got, at, s, sectors.length));
    }

    // ---- damage ----

    /** Something happened that may matter. */
    void note(String what) {
        history.add(clock, what);
        if (SimTrace.ALL) {
            System.out.println("         " + what);
        }
    }

    /**
     * What the cache device holds of a sector of the disk is damaged, and it may be the only copy.
     *
     * @return whether such content counts, or may count again
     */
    boolean damaged(int s, byte[] content, int at) {
        OracleSector sector = sectors[s];
        boolean counts = false;
        for (VersionSet versions : List.of(sector.cur, sector.surv)) {
            for (int i = 0; i < versions.size(); i++) {
                Version version = versions.get(i);
                if (version.number != 0 && version.matches(content, at, s)) {
                    counts = true;
                    if (!sector.mayBeLost.contains(version)) {
                        sector.mayBeLost.add(version);
                        history.add(clock, "version " + version.number + " may be damaged", s, s);
                    }
                }
            }
        }
        return counts;
    }

    /** Whether a read may end with an error because a sector of it may be lost. */
    boolean mayFail(Read read) {
        for (int i = 0; i < read.allowed.length; i++) {
            if (read.allowed[i].containsAny(sectors[read.first + i].mayBeLost)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a write may end with an error because a block of it, which it may not cover whole, may be lost. */
    boolean mayFailToWrite(long offsetBytes, long lengthBytes) {
        for (int s = first(offsetBytes) / 8 * 8; s <= (last(offsetBytes, lengthBytes) | 7) && s < sectors.length; s++) {
            if (isLost(s)) {
                return true;
            }
        }
        return false;
    }

    /** What sectors may hold, for people. */
    String describe(int first, int count) {
        StringBuilder text = new StringBuilder();
        for (int s = first; s < first + count; s++) {
            text.append(String.format("  sector %d: %s, may be lost %s%n", s, sectors[s].cur, sectors[s].mayBeLost));
        }
        return text.append(history.of(first)).toString();
    }

    /** The sectors that may be trimmed now. */
    BitSet mayBeTrimmed() {
        BitSet trimmed = new BitSet();
        for (int s = 0; s < sectors.length; s++) {
            trimmed.set(s, sectors[s].cur.containsKind(Version.Kind.ANY));
        }
        return trimmed;
    }

    /** Whether any sector may be read as an error now. */
    boolean isAnyLost() {
        for (int s = 0; s < sectors.length; s++) {
            if (isLost(s)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a sector may be read as an error now. */
    boolean isLost(int s) {
        return sectors[s].cur.containsAny(sectors[s].mayBeLost);
    }

    // ---- cuts ----

    /** The process is gone, and with {@code power} all that was not durable. */
    void cut(boolean power) {
        clock++;
        history.add(clock, power ? "the power is cut" : "the process is killed");
        reads.clear();
        for (OracleSector sector : sectors) {
            sector.busy = 0;
            sector.eventAt = clock;
            sector.mayBeLost.removeIf(v -> !sector.surv.contains(v));
            for (int i = 0; i < sector.surv.size(); i++) {
                endAt(sector.surv.get(i));
            }
            sector.cur.copyFrom(sector.surv);
            sector.surv.forgetTimes();
            // A replay after a kill flushes both devices; it can be believed unless a flush failed before.
            sector.settled = power || sector.unsureAt < 0;
            if (power) {
                sector.unsureAt = -1;
            }
        }
    }

    /** The cut left that on the backing device. What is to be written there again is in the cache, unless a device has lied. */
    void garbled(int s) {
        sectors[s].mayBeGarbage(lying, clock);
    }

    private void endAt(Version version) {
        if (version.inFlight()) {
            version.end(clock);
        }
    }

    /**
     * After a cut and a read of every sector, with no request in between: what is left is a prefix, that is, no request
     * is lost that had ended before one began that is there.
     */
    void checkPrefix() {
        long newest = -1;
        int newestSector = -1;
        for (int s = 0; s < sectors.length; s++) {
            VersionSet cur = sectors[s].cur;
            if (cur.size() == 1 && cur.get(0).kind != Version.Kind.ANY && cur.get(0).startedAt > newest) {
                newest = cur.get(0).startedAt;
                newestSector = s;
            }
        }
        for (int s = 0; s < sectors.length; s++) {
            VersionSet cur = sectors[s].cur;
            long supersededAt = -1;
            for (int i = 0; i < cur.size(); i++) {
                supersededAt = Math.max(supersededAt, cur.supersededAt(i));
            }
            if (supersededAt < newest) {
                throw new SimFailure(
                        "not a prefix: sector " + s + " holds " + cur + ", superseded at " + supersededAt
                                + String.format(", but sector %d holds a version begun at %d%n", newestSector, newest)
                                + history.of(s) + history.of(newestSector),
                        Losses.lost(1));
            }
        }
    }

    /** A copy as it is now, to go another way from here. */
    Oracle fork() {
        Oracle copy = new Oracle(sectors.length);
        IdentityHashMap<Version, Version> copies = new IdentityHashMap<>();
        for (int s = 0; s < sectors.length; s++) {
            copy.sectors[s].copyFrom(sectors[s], copies);
        }
        copy.clock = clock;
        copy.versions = versions;
        copy.lying = lying;
        return copy;
    }

    private int first(long offsetBytes) {
        return (int) (offsetBytes / Stamp.SECTOR);
    }

    private int last(long offsetBytes, long lengthBytes) {
        return (int) ((offsetBytes + lengthBytes - 1) / Stamp.SECTOR);
    }
}
