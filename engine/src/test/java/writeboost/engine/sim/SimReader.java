package writeboost.engine.sim;

import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import writeboost.engine.disk.Disk;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;

/** Reads the whole disk, and has the oracle compare it. */
final class SimReader {
    private final SimScheduler scheduler;
    private final Oracle oracle;
    private final SimFaults faults;
    private final Disk disk;
    private final String when;

    SimReader(SimScheduler scheduler, Oracle oracle, SimFaults faults, Disk disk, String when) {
        this.scheduler = scheduler;
        this.oracle = oracle;
        this.faults = faults;
        this.disk = disk;
        this.when = when;
    }

    private static final class Request extends DiskRequest {
        private final SimScheduler scheduler;
        private final SimTask reader;
        private @Nullable DiskError ended;

        Request(SimScheduler scheduler) {
            this.scheduler = scheduler;
            this.reader = scheduler.current();
        }

        @Override
        public void complete(DiskError error) {
            if (!scheduler.dying()) {
                ended = error;
                scheduler.wake(reader);
            }
        }
    }

    /** After a flush the backing device alone has everything but what is lost. */
    static void compareBacking(Oracle oracle, SimMedium backing) {
        String what = "the backing device alone, after a flush";
        byte[] sector = new byte[Stamp.SECTOR];
        for (int s = 0; s < oracle.sectorCount(); s++) {
            if (!oracle.isLost(s)) {
                backing.readDurable(s, 1, sector, 0);
                oracle.readEnd(oracle.readBegin((long) s * Stamp.SECTOR, Stamp.SECTOR, what), sector, 0);
            }
        }
    }

    /** With requests of this many sectors. Returns whether everything could be read. */
    boolean readAll(int atOnce) {
        boolean complete = true;
        for (int first = 0; first < oracle.sectorCount(); first += atOnce) {
            complete &= read(first, Math.min(atOnce, oracle.sectorCount() - first));
        }
        return complete;
    }

    /**
     * Everything; some blocks sector by sector.
     *
     * @param lost the sectors of these that must be errors; all others must be right
     */
    void readExactly(Set<Integer> blocks, Set<Integer> lost) {
        for (int block : blocks) {
            for (int s = 8 * block; s < Math.min(8 * block + 8, oracle.sectorCount()); s++) {
                if (read(s, 1) == lost.contains(s) && (lost.contains(s) || !oracle.isLost(s))) {
                    throw new SimFailure("full read " + when + ": sector " + s + " of block " + block
                            + (lost.contains(s) ? " was read, although its only copy is damaged" : " is an error"));
                }
            }
        }
        readAll(64);
    }

    /** What the disk holds; what is an error stays as it is. */
    void readInto(byte[] content) {
        for (int s = 0; s < oracle.sectorCount(); s += 8) {
            byte[] got = new byte[Math.min(8, oracle.sectorCount() - s) * Stamp.SECTOR];
            read(s, got);
            System.arraycopy(got, 0, content, s * Stamp.SECTOR, got.length);
        }
    }

    private boolean read(int first, int count) {
        return read(first, new byte[count * Stamp.SECTOR]);
    }

    private boolean read(int first, byte[] got) {
        int count = got.length / Stamp.SECTOR;
        Request request = new Request(scheduler);
        request.op = DiskRequest.Op.READ;
        request.offsetBytes = (long) first * Stamp.SECTOR;
        request.lengthBytes = got.length;
        request.data = ByteBuffer.wrap(got);
        int injected = faults.injected();
        Oracle.Read read = oracle.readBegin(request.offsetBytes, request.lengthBytes, "full read " + when);
        disk.submit(request);
        while (request.ended == null) {
            scheduler.block("request", "", SimTask.NO_DEADLINE);
        }
        if (request.ended != DiskError.OK) {
            if (!faults.mayFail(injected) && !oracle.mayFail(read)) {
                throw new SimFailure(
                        "full read " + when + ": " + request.ended + " of sectors " + first + ".." + (first + count - 1)
                                + System.lineSeparator() + oracle.describe(first, count),
                        Losses.lost(count));
            }
            oracle.readFailed(read);
            return false;
        }
        oracle.readEnd(read, got, 0);
        return true;
    }
}
