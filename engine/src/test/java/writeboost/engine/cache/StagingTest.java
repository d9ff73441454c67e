package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.cache.RecordingDevice.Io;
import writeboost.engine.cache.RecordingDevice.Kind;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest.Op;
import writeboost.engine.log.Geometry;

/** Which reads are cached, and what must not be. */
@Timeout(60)
class StagingTest {
    private static final byte[] DISK = random(123, (int) (8 * MIB));
    private static final Settings SETTINGS = new Settings(0, 32, 0, 0, 32);

    private final RecordingDevice backing;
    private final TestPair pair;

    StagingTest() throws Exception {
        MemoryDevice disk = new MemoryDevice("backing", 64 * MIB);
        TestData.put(disk, 0, DISK);
        backing = new RecordingDevice(disk);
        pair = new TestPair(new MemoryDevice("cache", Geometry.minCacheBytes(32)), backing, 32, SETTINGS);
        backing.forget();
    }

    @AfterEach
    void close() throws Exception {
        backing.release();
        pair.close();
    }

    private static byte[] disk(long offset, int length) {
        return Arrays.copyOfRange(DISK, (int) offset, (int) offset + length);
    }

    private void reads(long block, int blocks) {
        assertThat(pair.read(block * BLOCK, blocks * BLOCK)).isEqualTo(disk(block * BLOCK, blocks * BLOCK));
    }

    private int diskReads() {
        return backing.noted(Kind.READ).size();
    }

    private long staged() {
        return pair.disk.snapshot().statistics().stagedBlocks();
    }

    @Test
    void aBlockThatWasReadIsNotReadFromTheDiskAgain() {
        reads(5, 3);
        reads(5, 3);
        assertThat(diskReads()).isEqualTo(1);
        assertThat(staged()).isEqualTo(3);
        PairSnapshot s = pair.disk.snapshot();
        assertThat(s.cachedBlocks()).isEqualTo(3);
        assertThat(s.dirtyBlocks()).isZero();
        assertThat(s.statistics().readMisses()).isEqualTo(3);
        assertThat(s.statistics().readHits()).isEqualTo(3);
    }

    @Test
    void whatWasStagedSurvivesARestartAndIsClean() throws Exception {
        reads(5, 3);
        pair.flush();
        pair.disk.kill();
        pair.open(SETTINGS);
        backing.forget();
        reads(5, 3);
        assertThat(diskReads()).isZero();
        assertThat(pair.disk.snapshot().dirtyBlocks()).isZero();
        pair.disk.flush(Progress.NONE);
        assertThat(backing.noted(Kind.WRITE)).isEmpty();
        pair.disk.stop();
        pair.open(SETTINGS);
        assertThat(pair.disk.snapshot().cachedBlocks()).isEqualTo(3);
    }

    @Test
    void aThresholdOfZeroCachesNoReads() {
        pair.disk.settings(TestPair.QUIET);
        reads(5, 3);
        reads(5, 3);
        assertThat(diskReads()).isEqualTo(2);
        assertThat(staged()).isZero();
    }

    @Test
    void aReadLongerThanTheThresholdIsNotCached() {
        reads(0, 32);
        assertThat(staged()).isEqualTo(32);
        reads(100, 33);
        assertThat(staged()).isEqualTo(32);
    }

    @Test
    void aSequentialStreamIsCachedOnlyUpToTheThreshold() {
        for (int i = 0; i < 20; i++) {
            reads(200 + 4L * i, 4);
        }
        assertThat(staged()).isEqualTo(32);
        pair.disk.settings(new Settings(0, 32, 0, 0, 8));
        for (int i = 0; i < 20; i++) {
            reads(400 + 2L * i, 2);
        }
        assertThat(staged()).isEqualTo(40);
    }

    @Test
    void anUnalignedReadStagesWholeBlocks() {
        assertThat(pair.read(5 * BLOCK + 100, BLOCK)).isEqualTo(disk(5 * BLOCK + 100, BLOCK));
        assertThat(staged()).isEqualTo(2);
        backing.forget();
        reads(5, 2);
        assertThat(diskReads()).isZero();
    }

    @Test
    void onlyTheMissedBlocksOfAReadAreStaged() {
        pair.write(6 * BLOCK, random(1, BLOCK));
        pair.zero(8 * BLOCK, BLOCK);
        assertThat(pair.read(5 * BLOCK, 5 * BLOCK)).hasSize(5 * BLOCK);
        assertThat(staged()).isEqualTo(3);
        assertThat(pair.read(6 * BLOCK, BLOCK)).isEqualTo(random(1, BLOCK));
        assertThat(pair.read(8 * BLOCK, BLOCK)).containsOnly(0);
    }

    /** Reads a block whose device read waits until something else has happened. */
    private void whileReading(long block, int blocks, Runnable meanwhile) throws Exception {
        backing.hold(Kind.READ);
        CompletableFuture<DiskError> read =
                pair.start(Op.READ, block * BLOCK, (long) blocks * BLOCK, new byte[blocks * BLOCK], false);
        backing.awaitWaiting(1);
        meanwhile.run();
        backing.release();
        assertThat(read.join()).isEqualTo(DiskError.OK);
    }

    @Test
    void aBlockThatIsWrittenWhileItIsReadIsNotStaged() throws Exception {
        byte[] data = random(1, BLOCK);
        whileReading(5, 3, () -> pair.write(6 * BLOCK, data));
        assertThat(staged()).as("its neighbours are").isEqualTo(2);
        assertThat(pair.read(6 * BLOCK, BLOCK)).isEqualTo(data);
    }

    @Test
    void aBlockThatIsZeroedOrTrimmedWhileItIsReadIsNotStaged() throws Exception {
        whileReading(5, 3, () -> pair.zero(6 * BLOCK, BLOCK));
        assertThat(pair.read(6 * BLOCK, BLOCK)).containsOnly(0);
        whileReading(15, 3, () -> pair.trim(16 * BLOCK, BLOCK));
        assertThat(pair.read(16 * BLOCK, BLOCK)).containsOnly(0);
    }

    @Test
    void aBlockThatIsWrittenBackAndForgottenWhileItIsReadIsNotStaged() throws Exception {
        byte[] data = random(1, BLOCK);
        whileReading(6, 1, () -> {
            pair.write(6 * BLOCK, data);
            try {
                pair.disk.drop(Progress.NONE);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(staged()).isZero();
        assertThat(pair.read(6 * BLOCK, BLOCK)).isEqualTo(data);
    }

    @Test
    void aStagedBlockIsNeverOverwrittenInPlace() throws Exception {
        reads(5, 1);
        byte[] part = random(1, 512);
        pair.write(5 * BLOCK, part);
        byte[] expected = disk(5 * BLOCK, BLOCK);
        System.arraycopy(part, 0, expected, 0, 512);
        assertThat(pair.read(5 * BLOCK, BLOCK)).isEqualTo(expected);
        pair.disk.flush(Progress.NONE);
        assertThat(pair.backing(5 * BLOCK, BLOCK)).isEqualTo(expected);
        assertThat(backing.noted(Kind.WRITE)).hasSize(1);
    }

    @Test
    void aStagedBlockUnderADeadRangeIsServed() throws Exception {
        pair.write(5 * BLOCK, random(1, BLOCK));
        pair.zero(4 * BLOCK, 4 * BLOCK);
        pair.disk.flush(Progress.NONE);
        backing.forget();
        assertThat(pair.read(4 * BLOCK, 4 * BLOCK)).containsOnly(0);
        assertThat(diskReads()).isEqualTo(1);
        assertThat(pair.read(4 * BLOCK, 4 * BLOCK)).containsOnly(0);
        assertThat(diskReads()).isEqualTo(1);
        pair.flush();
        pair.disk.kill();
        pair.open(SETTINGS);
        assertThat(pair.read(4 * BLOCK, 4 * BLOCK)).containsOnly(0);
    }

    @Test
    void stagingFarMoreThanTheCacheHoldsRecyclesCleanRoom() {
        for (int lap = 0; lap < 2; lap++) {
            for (long b = 0; b < 2000; b += 2) {
                reads(b, 1);
            }
        }
        PairSnapshot s = pair.disk.snapshot();
        assertThat(s.cachedBlocks()).isPositive().isLessThan(s.capacityBlocks());
        await().until(() -> {
            reads(1999, 1);
            reads(1, 1);
            reads(1501, 1);
            return pair.disk.snapshot().oldestSeq() > 1;
        });
        assertThat(backing.noted(Kind.WRITE)).isEmpty();
    }

    @Test
    void stagingNeverTakesTheRoomThatWritesNeed() throws Exception {
        backing.hold(Kind.WRITE);
        for (int i = 0; i < 22 * 31; i++) {
            CompletableFuture<DiskError> w =
                    pair.start(Op.WRITE, 16 * MIB + (long) i * BLOCK, BLOCK, random(i, BLOCK), false);
            assertThat(w.join()).isEqualTo(DiskError.OK);
        }
        for (long b = 0; b < 1500; b += 2) {
            reads(b, 1); // never waits, never fails
        }
        assertThat(pair.write(40 * MIB, random(7, BLOCK))).isEqualTo(DiskError.OK);
        backing.release();
    }

    @Test
    void aMissIsOneReadAlsoWhenItIsStaged() {
        reads(0, 32);
        assertThat(backing.noted()).containsExactly(new Io(Kind.READ, 0, 32 * BLOCK));
    }
}
