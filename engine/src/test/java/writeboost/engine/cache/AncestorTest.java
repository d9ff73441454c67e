package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.io.IOException;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.Fault;
import writeboost.engine.device.FaultDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.Geometry;
import writeboost.engine.task.ThreadTasks;

/**
 * What the ancestor, dm-writeboost, loses data by (docs/faults.md): each of these it would fail. The cache holds seven flushed
 * writes, none of which is on the disk yet: block <i>n</i> in chunk <i>n</i>, each with a header of its own.
 */
@Timeout(60)
class AncestorTest {
    private static final int SEGMENT_BLOCKS = 32;
    private static final int WRITES = 7;
    private static final int DISK_BYTES = (int) (4 * MIB);

    private final MemoryDevice cache = new MemoryDevice("cache", Geometry.minCacheBytes(SEGMENT_BLOCKS));
    private final FaultDevice faults = new FaultDevice(cache, new ThreadTasks((thread, e) -> {}));
    private final TestPair pair;
    private final byte[] whole;

    AncestorTest() throws Exception {
        pair = new TestPair(faults, new MemoryDevice("backing", DISK_BYTES), SEGMENT_BLOCKS, TestPair.QUIET);
        for (int n = 1; n <= WRITES; n++) {
            assertThat(pair.write((long) n * BLOCK, block(n))).isEqualTo(DiskError.OK);
            assertThat(pair.flush()).isEqualTo(DiskError.OK);
        }
        pair.disk.kill();
        whole = bytes();
    }

    @AfterEach
    void close() throws Exception {
        pair.close();
    }

    private static byte[] block(int n) {
        return random(n, BLOCK);
    }

    private byte[] bytes() throws IOException {
        return TestPair.contentOf(cache, 0, (int) cache.sizeBytes());
    }

    /** Where the header of a chunk lies; its data block is behind it. */
    private static int headerOf(int chunk) {
        return (128 + 2 * (chunk - 1)) * BLOCK;
    }

    /** The cache as it was left, but for a bit. */
    private void spoil(int at, int bit) throws IOException {
        byte[] spoilt = whole.clone();
        spoilt[at] ^= (byte) (1 << bit);
        TestData.put(cache, 0, spoilt);
    }

    private void holdsAll() {
        for (int n = 1; n <= WRITES; n++) {
            assertThat(pair.read((long) n * BLOCK, BLOCK)).as("block %d", n).isEqualTo(block(n));
        }
    }

    private void refused(ErrorCode code, ThrowingCallable opening) throws IOException {
        byte[] before = bytes();
        assertThatThrownBy(opening)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(code));
        assertThat(bytes()).as("nothing was changed").isEqualTo(before);
    }

    private void open() throws IOException {
        pair.open(TestPair.QUIET);
    }

    /** There: a wrong magic number in the first sector means "format". */
    @Test
    void ancestor1ADamagedFirstSectorNeverFormatsTheCache() throws Exception {
        spoil(0, 3);
        open();
        holdsAll();
        pair.disk.kill();
        byte[] none = whole.clone();
        Arrays.fill(none, 0, BLOCK, (byte) 0);
        Arrays.fill(none, none.length - BLOCK, none.length, (byte) 0);
        TestData.put(cache, 0, none);
        refused(ErrorCode.NOT_A_CACHE, this::open);
    }

    /** There: nothing but the magic number is in the superblock, and any disk is taken. */
    @Test
    void ancestor2ACacheIsNeverWrittenToAnotherDiskThanItsOwn() throws Exception {
        refused(ErrorCode.FOREIGN, () -> openWith(new MemoryDevice("another", DISK_BYTES)));
        refused(ErrorCode.FOREIGN, () -> openWith(new MemoryDevice("backing", 2 * DISK_BYTES)));
        for (int at = 0; at < 80; at++) { // version, UUIDs, sizes, layout: in neither copy may a bit be wrong
            byte[] spoilt = whole.clone();
            spoilt[at] ^= 4;
            spoilt[spoilt.length - BLOCK + at] ^= 4;
            TestData.put(cache, 0, spoilt);
            refused(at < 8 ? ErrorCode.NOT_A_CACHE : ErrorCode.DAMAGED, this::open);
        }
    }

    private void openWith(MemoryDevice disk) throws IOException {
        CachedDisk.open(faults, disk, TestPair.QUIET, pair.tasks, event -> {}, Progress.NONE);
    }

    /** There: the sector that holds id, length and checksum is not covered by the checksum. */
    @Test
    void ancestor3EveryByteOfTheFirstSectorOfAHeaderIsGuarded() throws Exception {
        for (int at = 0; at < 512; at++) {
            spoil(headerOf(4) + at, at % 8);
            open();
            holdsAll();
            assertThat(pair.events.get(pair.events.size() - 1).what()).contains("chunk 4");
            pair.disk.kill();
        }
    }

    /** There: the id of every header is believed before anything of it was checked, and the largest is the newest. */
    @Test
    void ancestor4AnIdThatRottedIsNotTheNewest() throws Exception {
        for (int bit = 0; bit < 62; bit++) {
            spoil(headerOf(1) + 32 + bit / 8, bit % 8);
            open();
            holdsAll();
            assertThat(pair.disk.snapshot().headId()).as("bit %d", bit).isLessThan(10);
            pair.disk.kill();
        }
    }

    /** There: replay begins with the oldest segment, and ends at the first one that does not fit. */
    @Test
    void ancestor5RotInTheOldestChunkLosesNoNewerOne() throws Exception {
        spoil(headerOf(1) + BLOCK + 77, 0);
        open();
        assertThat(pair.run(writeboost.engine.disk.DiskRequest.Op.READ, BLOCK, BLOCK, new byte[BLOCK], false))
                .isEqualTo(DiskError.EIO);
        pair.write(BLOCK, block(1));
        holdsAll();
    }

    /** There: a read error ends replay, and the cache is opened with what was read before. */
    @Test
    void ancestor6AReadErrorDuringReplayIsNotTheEndOfTheLog() throws Exception {
        faults.add(Fault.error(DeviceException.Kind.IO).on(Fault.Operation.READ).at(headerOf(WRITES), BLOCK));
        refused(ErrorCode.IO, this::open);
        faults.clear();
        open();
        holdsAll();
    }

    /** There: what one replay has passed over is found again by a later one, and old data returns. */
    @Test
    void ancestor7WhatOneReplayPassedOverNeverReturns() throws Exception {
        byte[] torn = whole.clone();
        Arrays.fill(
                torn, headerOf(WRITES), headerOf(WRITES) + BLOCK, (byte) 0); // the newest write was not promised, say
        TestData.put(cache, 0, torn);
        open();
        assertThat(pair.read(WRITES * BLOCK, BLOCK)).containsOnly(0);
        pair.write(WRITES * BLOCK, block(70));
        pair.disk.flush(Progress.NONE);
        pair.disk.kill();
        TestData.put(
                cache, headerOf(WRITES), Arrays.copyOfRange(whole, headerOf(WRITES), headerOf(WRITES) + 2 * BLOCK));
        for (int opening = 1; opening <= 3; opening++) {
            open();
            assertThat(pair.read(WRITES * BLOCK, BLOCK)).isEqualTo(block(70));
            pair.disk.kill();
        }
        open();
    }
}
