package writeboost.engine.cache;

import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.SECTOR;
import static writeboost.engine.cache.TestData.asBlock;
import static writeboost.engine.cache.TestData.random;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest.Op;

/** One block of a pair, and what a model says that it holds: its bytes, and which of its sectors are lost. */
final class BlockCase {
    /** What the block may have gone through before the write under test. */
    enum Old {
        UNKNOWN,
        IN_OPEN_BUFFER,
        PART_IN_OPEN_BUFFER,
        IN_CLOSED_BUFFER,
        PART_IN_CLOSED_BUFFER,
        DIRTY,
        PART_DIRTY,
        CLEAN,
        PART_CLEAN,
        STAGED_IN_RAM,
        STAGED,
        CLEAN_THEN_PART_DIRTY,
        UNDER_LIVE_RANGE_IN_RAM,
        UNDER_LIVE_RANGE_OVER_DIRTY,
        UNDER_LIVE_TRIM,
        ON_LIVE_RANGE,
        UNDER_DEAD_RANGE,
        ON_DEAD_RANGE,
        LOST,
        PART_LOST,
        BAD_CLEAN,
        BAD_DIRTY,
        BAD_PART_DIRTY,
        SPOILT_CLEAN,
        SPOILT_DIRTY
    }

    /** What is then done to it. */
    enum Change {
        WHOLE,
        FIRST_SECTOR,
        MIDDLE_SECTORS,
        LAST_SECTOR,
        BYTES_IN_A_SECTOR,
        BYTES_ACROSS_SECTORS,
        ALL_BUT_THE_LAST_BYTE,
        LAST_BYTE,
        ZERO_WHOLE,
        ZERO_BYTES,
        TRIM_WHOLE,
        TRIM_BYTES
    }

    private final TestPair pair;
    private final RecordingDevice cache;
    private final long block;
    final int size;
    private final byte[] content;
    private final boolean[] lost;
    private long seed;

    BlockCase(TestPair pair, RecordingDevice cache, long block) throws IOException {
        this.pair = pair;
        this.cache = cache;
        this.block = block;
        size = (int) Math.min(BLOCK, pair.backing.sizeBytes() - block * BLOCK);
        content = pair.backing(block * BLOCK, size);
        lost = new boolean[size / SECTOR];
        seed = block * 1000;
    }

    // ---- old states ----

    void prepare(Old old) throws Exception {
        switch (old) {
            case UNKNOWN -> {}
            case IN_OPEN_BUFFER -> write(0, size);
            case PART_IN_OPEN_BUFFER -> write(SECTOR, 2 * SECTOR);
            case IN_CLOSED_BUFFER -> close(0, size);
            case PART_IN_CLOSED_BUFFER -> close(SECTOR, 2 * SECTOR);
            case DIRTY -> durable(0, size);
            case PART_DIRTY -> durable(SECTOR, 2 * SECTOR);
            case CLEAN -> clean(0, size);
            case PART_CLEAN -> clean(SECTOR, 2 * SECTOR);
            case STAGED_IN_RAM -> pair.read(block * BLOCK, size);
            case STAGED -> {
                pair.read(block * BLOCK, size);
                pair.flush();
            }
            case CLEAN_THEN_PART_DIRTY -> {
                clean(0, size);
                durable(SECTOR, 2 * SECTOR);
            }
            case UNDER_LIVE_RANGE_IN_RAM -> zero();
            case UNDER_LIVE_RANGE_OVER_DIRTY -> {
                durable(0, size);
                zero();
                pair.flush();
            }
            case UNDER_LIVE_TRIM -> {
                durable(0, size);
                change(Change.TRIM_WHOLE);
            }
            case ON_LIVE_RANGE -> {
                zero();
                write(SECTOR, 2 * SECTOR);
                pair.flush();
            }
            case UNDER_DEAD_RANGE -> {
                durable(0, size);
                zero();
                pair.disk.flush(Progress.NONE);
            }
            case ON_DEAD_RANGE -> {
                zero();
                pair.disk.flush(Progress.NONE);
                write(SECTOR, 2 * SECTOR);
            }
            default -> prepareDamaged(old);
        }
    }

    private void prepareDamaged(Old old) throws Exception {
        switch (old) {
            case LOST -> {
                spoilDirty(0, size);
                pair.disk.flush(Progress.NONE);
            }
            case PART_LOST -> {
                spoilDirty(SECTOR, 2 * SECTOR);
                pair.disk.flush(Progress.NONE);
            }
            case BAD_CLEAN -> {
                clean(0, size);
                TestData.spoil(pair.cache, asBlock(content, 0));
                pair.read(block * BLOCK, size);
            }
            case SPOILT_CLEAN -> {
                clean(0, size);
                TestData.spoil(pair.cache, asBlock(content, 0));
            }
            case BAD_DIRTY -> {
                spoilDirty(0, size);
                pair.run(Op.READ, block * BLOCK, size, new byte[size], false);
            }
            case BAD_PART_DIRTY -> {
                spoilDirty(SECTOR, 2 * SECTOR);
                pair.run(Op.READ, block * BLOCK, size, new byte[size], false);
            }
            case SPOILT_DIRTY -> spoilDirty(0, size);
            default -> throw new IllegalArgumentException("no such state: " + old);
        }
    }

    private void write(int from, int end) {
        byte[] data = random(seed++, end - from);
        expect(pair.write(block * BLOCK + from, data), DiskError.OK);
        System.arraycopy(data, 0, content, from, data.length);
    }

    private void close(int from, int end) throws InterruptedException {
        write(from, end);
        cache.hold(RecordingDevice.Kind.SYNC);
        CompletableFuture<DiskError> flush = pair.start(Op.FLUSH, 0, 0, new byte[0], false);
        cache.awaitWaiting(1);
        if (flush.isDone()) {
            throw new IllegalStateException("a flush ended before the sync that it needs");
        }
    }

    private void durable(int from, int end) {
        write(from, end);
        expect(pair.flush(), DiskError.OK);
    }

    private void clean(int from, int end) throws IOException {
        durable(from, end);
        pair.disk.flush(Progress.NONE);
    }

    private void zero() {
        expect(pair.zero(block * BLOCK, size), DiskError.OK);
        Arrays.fill(content, (byte) 0);
    }

    private void spoilDirty(int from, int end) throws IOException {
        durable(from, end);
        pair.disk.sync(); // before it is recorded as durable, damage to the newest chunk looks like a torn write
        TestData.spoil(pair.cache, asBlock(Arrays.copyOfRange(content, from, end), from));
        Arrays.fill(lost, from / SECTOR, end / SECTOR, true);
    }

    // ---- changes ----

    /** Does it, and checks how it ends. */
    void change(Change change) {
        switch (change) {
            case WHOLE -> change(Op.WRITE, 0, size);
            case FIRST_SECTOR -> change(Op.WRITE, 0, SECTOR);
            case MIDDLE_SECTORS -> change(Op.WRITE, SECTOR, size - SECTOR);
            case LAST_SECTOR -> change(Op.WRITE, size - SECTOR, size);
            case BYTES_IN_A_SECTOR -> change(Op.WRITE, 600, 700);
            case BYTES_ACROSS_SECTORS -> change(Op.WRITE, 300, 1300);
            case ALL_BUT_THE_LAST_BYTE -> change(Op.WRITE, 0, size - 1);
            case LAST_BYTE -> change(Op.WRITE, size - 1, size);
            case ZERO_WHOLE -> change(Op.ZERO, 0, size);
            case ZERO_BYTES -> change(Op.ZERO, 300, 1300);
            case TRIM_WHOLE -> change(Op.TRIM, 0, size);
            case TRIM_BYTES -> change(Op.TRIM, 300, 1300);
        }
    }

    private void change(Op op, int from, int end) {
        boolean range = op != Op.WRITE && from == 0 && end == BLOCK;
        byte[] data = op == Op.WRITE ? random(seed++, end - from) : new byte[end - from];
        DiskError error = pair.run(op, block * BLOCK + from, end - from, data, false);
        if (op == Op.TRIM && !range) {
            expect(error, DiskError.OK); // a hint that is too small
            return;
        }
        boolean damaged = false;
        for (int s = 0; s < lost.length; s++) {
            boolean covered = from <= s * SECTOR && (s + 1) * SECTOR <= end;
            damaged |= lost[s] && !covered;
        }
        expect(error, damaged ? DiskError.EIO : DiskError.OK);
        if (!damaged) {
            System.arraycopy(data, 0, content, from, data.length);
            Arrays.fill(lost, false);
        }
    }

    private static void expect(DiskError is, DiskError expected) {
        if (is != expected) {
            throw new AssertionError("the request ended with " + is + ", but should with " + expected);
        }
    }

    // ---- checks ----

    /** Reads it whole, sector by sector, and by a few unaligned bytes. */
    void checkRead(String when) {
        boolean anyLost = false;
        for (int s = 0; s < lost.length; s++) {
            checkRead(when, s * SECTOR, SECTOR, lost[s]);
            anyLost |= lost[s];
        }
        checkRead(when, 0, size, anyLost);
        checkRead(when, 500, 600, lost[0] || lost[1] || lost[2]);
    }

    private void checkRead(String when, int from, int length, boolean damaged) {
        byte[] data = new byte[length];
        DiskError error = pair.run(Op.READ, block * BLOCK + from, length, data, false);
        String what = when + ": block " + block + ", " + length + " bytes at " + from;
        if (error != (damaged ? DiskError.EIO : DiskError.OK)) {
            throw new AssertionError(what + ": " + error);
        }
        if (!damaged) {
            check(what, from, data);
        }
    }

    private void check(String what, int from, byte[] data) {
        int differs = Arrays.mismatch(data, Arrays.copyOfRange(content, from, from + data.length));
        if (differs >= 0) {
            throw new AssertionError(what + ": wrong from byte " + (from + differs) + " on");
        }
    }

    /** The backing device alone holds what is not lost. */
    void checkBacking(String when) throws IOException {
        byte[] there = pair.backing(block * BLOCK, size);
        for (int s = 0; s < lost.length; s++) {
            if (!lost[s]) {
                check(
                        when + ": block " + block + " of the disk",
                        s * SECTOR,
                        Arrays.copyOfRange(there, s * SECTOR, (s + 1) * SECTOR));
            }
        }
    }
}
