package writeboost.engine.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.cache.EngineEvent;
import writeboost.engine.cache.PairSnapshot;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.RecordingDevice;
import writeboost.engine.cache.RecordingDevice.Io;
import writeboost.engine.cache.RecordingDevice.Kind;
import writeboost.engine.cache.Settings;
import writeboost.engine.cache.TestData;
import writeboost.engine.cache.TestPair;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.Fault;
import writeboost.engine.device.Fault.Operation;
import writeboost.engine.device.FaultDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest.Op;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.Geometry;
import writeboost.engine.nbd.HurriedTasks;
import writeboost.engine.task.ThreadTasks;

/** What becomes of data that can't be brought to the backing device, or can't be read from the cache device. */
@Timeout(60)
class WritebackFailureTest {
    private static final int SEGMENT_BLOCKS = 32;
    private static final Fault ERROR = Fault.error(DeviceException.Kind.IO);

    /** What the disk holds when it becomes part of the pair. */
    private static final byte[] DISK = random(7777, 64 * BLOCK);

    private final FaultDevice faults;
    private final FaultDevice cacheFaults;
    private final RecordingDevice backing;
    private final MemoryDevice cache;
    private final TestPair pair;

    WritebackFailureTest() throws Exception {
        ThreadTasks tasks = new ThreadTasks((thread, e) -> {});
        MemoryDevice disk = new MemoryDevice("backing", 64 * MIB);
        TestData.put(disk, 0, DISK);
        faults = new FaultDevice(disk, tasks);
        backing = new RecordingDevice(faults);
        cache = new MemoryDevice("cache", Geometry.minCacheBytes(SEGMENT_BLOCKS));
        cacheFaults = new FaultDevice(cache, tasks);
        // What writeback rests after failures passes ten times as fast.
        pair = new TestPair(cacheFaults, backing, SEGMENT_BLOCKS, TestPair.QUIET, real -> new HurriedTasks(real, 10));
        backing.forget();
    }

    @AfterEach
    void close() throws Exception {
        faults.clear();
        cacheFaults.clear();
        backing.release();
        pair.close();
    }

    private static byte[] block(long address) {
        return random(address, BLOCK);
    }

    private void write(long from, long end) {
        for (long a = from; a < end; a++) {
            assertThat(pair.write(a * BLOCK, block(a))).isEqualTo(DiskError.OK);
        }
    }

    private void holds(long from, long end) {
        for (long a = from; a < end; a++) {
            assertThat(pair.read(a * BLOCK, BLOCK)).as("block %d", a).isEqualTo(block(a));
        }
    }

    private DiskError readError(long address) {
        return pair.run(Op.READ, address * BLOCK, BLOCK, new byte[BLOCK], false);
    }

    private PairSnapshot snapshot() {
        return pair.disk.snapshot();
    }

    private void reopen() throws Exception {
        pair.disk.kill();
        pair.open(TestPair.QUIET);
    }

    /** A flush that can't bring everything to the disk must not say that it did. */
    private void flushThatIsRefused(int blocks) {
        assertThatThrownBy(() -> pair.disk.flush(Progress.NONE))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO))
                .hasMessageContaining("refuses " + blocks + " blocks");
    }

    private CompletableFuture<Void> startFlush() {
        return concurrently(() -> pair.disk.flush(Progress.NONE));
    }

    private static CompletableFuture<Void> concurrently(ThrowingCallable body) {
        return CompletableFuture.runAsync(() -> {
            try {
                body.call();
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        });
    }

    // ---- the backing device ----

    @Test
    void backing2NothingCountsAsCleanBeforeTheSyncOfTheDisk() throws Exception {
        write(0, 10);
        backing.hold(Kind.SYNC);
        CompletableFuture<Void> flush = startFlush();
        backing.awaitWaiting(1);
        assertThat(backing.noted(Kind.WRITE)).hasSize(1);
        assertThat(snapshot().dirtyBlocks()).isEqualTo(10);
        assertThat(snapshot().tailSeq()).isZero();
        assertThat(snapshot().oldestSeq()).isEqualTo(1);
        backing.release();
        flush.join();
        assertThat(snapshot().dirtyBlocks()).isZero();
        assertThat(snapshot().tailSeq()).isEqualTo(1);
    }

    @Test
    void backing7AfterAFailedSyncOfTheDiskTheBatchIsWrittenAgain() throws Exception {
        write(0, 10);
        faults.add(ERROR.on(Operation.SYNC).times(1));
        pair.disk.flush(Progress.NONE);
        Io write = new Io(Kind.WRITE, 0, 10 * BLOCK);
        Io sync = new Io(Kind.SYNC, 0, 0);
        assertThat(backing.noted()).containsExactly(write, sync, write, sync);
        assertThat(snapshot().dirtyBlocks()).isZero();
        assertThat(pair.events).extracting(EngineEvent::severity).containsExactly(EngineEvent.Severity.WARNING);
    }

    @Test
    void aDiskThatNeverSyncsFailsTheFlushAndLosesNothing() throws Exception {
        write(0, 10);
        faults.add(ERROR.on(Operation.SYNC));
        assertThatThrownBy(() -> pair.disk.flush(Progress.NONE))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO))
                .hasMessageContaining("stays safe in the cache");
        assertThat(snapshot().dirtyBlocks()).isEqualTo(10);
        assertThat(snapshot().tailSeq()).isZero();
        reopenWithFaultsAway();
        holds(0, 10);
        pair.disk.flush(Progress.NONE);
        assertThat(pair.backing(0, 10 * BLOCK)).isEqualTo(pair.read(0, 10 * BLOCK));
        assertThat(snapshot().dirtyBlocks()).isZero();
    }

    /** What a failed sync may have lost is on the disk only if it is written again, though a newer version waits by now. */
    @Test
    void afterAFailedSyncAndARefusalNobodyKnowsWhatTheDiskHoldsOfABlock() throws Exception {
        write(5, 7);
        faults.add(ERROR.on(Operation.SYNC));
        assertThatThrownBy(() -> pair.disk.flush(Progress.NONE)).isInstanceOf(EngineException.class);
        faults.clear();
        faults.add(ERROR.on(Operation.WRITE).at(5 * BLOCK, BLOCK));
        flushThatIsRefused(1);
        faults.clear();
        pair.disk.stop();
        TestData.put(
                faults,
                5 * BLOCK,
                Arrays.copyOfRange(DISK, 5 * BLOCK, 6 * BLOCK)); // what was written is lost after all
        pair.open(TestPair.QUIET);
        holds(5, 7);
    }

    @Test
    void afterAFailedSyncAlsoWhatIsSupersededByNowIsWrittenAgain() throws Exception {
        pair.disk.settings(new Settings(0, 1, 0, 0, 0));
        write(0, SEGMENT_BLOCKS - 1); // a whole segment, which is a batch of its own
        faults.add(ERROR.on(Operation.SYNC));
        assertThatThrownBy(() -> pair.disk.flush(Progress.NONE)).isInstanceOf(EngineException.class);
        assertThat(pair.write(0, block(1000))).isEqualTo(DiskError.OK);
        assertThat(pair.flush()).isEqualTo(DiskError.OK);
        faults.clear();
        backing.forget();
        pair.disk.flush(Progress.NONE);
        assertThat(backing.noted(Kind.WRITE))
                .containsExactly(new Io(Kind.WRITE, 0, (SEGMENT_BLOCKS - 1) * BLOCK), new Io(Kind.WRITE, 0, BLOCK));
        assertThat(pair.backing(0, BLOCK)).isEqualTo(block(1000));
    }

    @Test
    void aBatchThatFailsWhenThePairStopsIsNoNews() throws Exception {
        write(0, 10);
        faults.add(ERROR.on(Operation.SYNC).times(1));
        backing.hold(Kind.SYNC);
        CompletableFuture<Void> flush = startFlush();
        backing.awaitWaiting(1);
        CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> {
            try {
                pair.disk.stop();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThatThrownBy(flush::join).hasRootCauseInstanceOf(EngineException.class);
        backing.release();
        stop.join();
        assertThat(pair.events).isEmpty();
        pair.open(TestPair.QUIET);
        holds(0, 10);
        assertThat(snapshot().dirtyBlocks()).isEqualTo(10);
    }

    private void reopenWithFaultsAway() throws Exception {
        pair.disk.kill();
        faults.clear();
        pair.open(TestPair.QUIET);
    }

    @Test
    void backing2ASectorThatTheDiskRefusesStaysInTheCacheAndTheOthersGoOn() throws Exception {
        write(10, 21);
        faults.add(ERROR.on(Operation.WRITE).at(15 * BLOCK + 512, 512));
        flushThatIsRefused(1);
        for (long a = 10; a < 21; a++) {
            if (a != 15) {
                assertThat(pair.backing(a * BLOCK, BLOCK)).as("block %d", a).isEqualTo(block(a));
            }
        }
        assertThat(snapshot().dirtyBlocks()).isEqualTo(1);
        assertThat(snapshot().tailSeq()).isEqualTo(1);
        assertThat(snapshot().durableSeq()).as("it was logged anew").isEqualTo(2);
        assertThat(pair.events).anyMatch(e -> e.what().contains("refused by the disk"));
        holds(10, 21);
        reopen();
        holds(10, 21);
        faults.clear();
        pair.disk.flush(Progress.NONE);
        assertThat(snapshot().dirtyBlocks()).isZero();
        assertThat(pair.backing(15 * BLOCK, BLOCK)).isEqualTo(block(15));
    }

    @Test
    void aRefusedPartOfABlockStaysAPart() throws Exception {
        byte[] disk = Arrays.copyOfRange(DISK, 7 * BLOCK, 8 * BLOCK);
        byte[] part = random(98, 1024);
        pair.write(7 * BLOCK + 1024, part);
        faults.add(ERROR.on(Operation.WRITE).at(7 * BLOCK, BLOCK));
        flushThatIsRefused(1);
        System.arraycopy(part, 0, disk, 1024, 1024);
        assertThat(pair.read(7 * BLOCK, BLOCK)).isEqualTo(disk);
        assertThat(snapshot().dirtyBlocks()).isEqualTo(1);
        reopenWithFaultsAway();
        assertThat(pair.read(7 * BLOCK, BLOCK)).isEqualTo(disk);
        pair.disk.flush(Progress.NONE);
        assertThat(pair.backing(7 * BLOCK, BLOCK)).isEqualTo(disk);
    }

    @Test
    void aRefusedBlockThatIsOverwrittenIsWrittenBackInItsNewForm() throws Exception {
        write(5, 6);
        faults.add(ERROR.on(Operation.WRITE).at(5 * BLOCK, BLOCK));
        flushThatIsRefused(1);
        pair.write(5 * BLOCK, block(500));
        faults.clear();
        pair.disk.flush(Progress.NONE);
        assertThat(pair.backing(5 * BLOCK, BLOCK)).isEqualTo(block(500));
        assertThat(snapshot().dirtyBlocks()).isZero();
    }

    @Test
    void backing2ADiskThatRefusesVeryManyBlocksFailsTheBatchAsAWhole() throws Exception {
        write(0, 100);
        faults.add(ERROR.on(Operation.WRITE).at(20 * BLOCK, 40 * BLOCK));
        assertThatThrownBy(() -> pair.disk.flush(Progress.NONE))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO))
                .hasMessageContaining("refused 40 blocks");
        assertThat(snapshot().dirtyBlocks()).isEqualTo(100);
        faults.clear();
        pair.disk.flush(Progress.NONE);
        assertThat(snapshot().dirtyBlocks()).isZero();
    }

    @Test
    void aZeroingThatTheDiskRefusesDoesNotStopTheOthers() throws Exception {
        pair.zero(0, 32 * BLOCK);
        pair.flush();
        write(40, 45);
        faults.add(ERROR.on(Operation.ZERO, Operation.WRITE).at(7 * BLOCK, BLOCK));
        flushThatIsRefused(1);
        assertThat(pair.backing(40 * BLOCK, BLOCK)).isEqualTo(block(40));
        assertThat(pair.backing(0, 7 * BLOCK)).containsOnly(0);
        assertThat(pair.backing(8 * BLOCK, 24 * BLOCK)).containsOnly(0);
        assertThat(pair.read(0, 32 * BLOCK)).containsOnly(0);
        assertThat(snapshot().dirtyBlocks())
                .as("the refused block waits in the cache")
                .isEqualTo(1);
        reopenWithFaultsAway();
        assertThat(pair.read(0, 32 * BLOCK)).containsOnly(0);
        pair.disk.flush(Progress.NONE);
        assertThat(pair.backing(0, 32 * BLOCK)).containsOnly(0);
    }

    @Test
    void aDiscardThatTheDiskRefusesIsOnlyAHint() throws Exception {
        pair.trim(0, 32 * BLOCK);
        write(40, 45);
        faults.add(ERROR.on(Operation.DISCARD));
        pair.disk.flush(Progress.NONE);
        assertThat(pair.backing(40 * BLOCK, BLOCK)).isEqualTo(block(40));
        assertThat(snapshot().dirtyRanges()).isZero();
    }

    // ---- the cache device ----

    /** Makes a block of the disk damaged in the cache, before it was written back. */
    private void damage(long address) throws Exception {
        pair.disk.sync();
        TestData.spoil(cache, block(address));
    }

    @Test
    void cache4ADamagedDirtyBlockReadsAsAnErrorUntilItIsOverwritten() throws Exception {
        write(10, 15);
        damage(12);
        pair.disk.flush(Progress.NONE);
        assertThat(readError(12)).isEqualTo(DiskError.EIO);
        assertThat(pair.backing(12 * BLOCK, BLOCK))
                .as("never written back")
                .isEqualTo(Arrays.copyOfRange(DISK, 12 * BLOCK, 13 * BLOCK));
        assertThat(pair.backing(10 * BLOCK, BLOCK)).isEqualTo(block(10));
        assertThat(snapshot().damagedBlocks()).isEqualTo(1);
        assertThat(snapshot().dirtyBlocks()).isZero();
        assertThat(pair.events)
                .anyMatch(e ->
                        e.severity() == EngineEvent.Severity.ERROR && e.what().contains("damaged on the cache device"));
        reopen();
        assertThat(readError(12)).as("after a crash").isEqualTo(DiskError.EIO);
        pair.disk.stop();
        pair.open(TestPair.QUIET);
        assertThat(readError(12)).as("after a restart").isEqualTo(DiskError.EIO);
        assertThat(snapshot().damagedBlocks()).isEqualTo(1);
        write(12, 13);
        holds(10, 15);
        assertThat(snapshot().damagedBlocks()).isZero();
    }

    @Test
    void aLostBlockIsCarriedWhenItsRoomIsReused() throws Exception {
        write(10, 15);
        damage(12);
        pair.disk.flush(Progress.NONE);
        long before = snapshot().oldestSeq();
        for (int lap = 0; lap < 3; lap++) {
            write(1000, 1000 + 32 * 31);
        }
        assertThat(snapshot().oldestSeq()).isGreaterThan(before + 32);
        assertThat(readError(12)).isEqualTo(DiskError.EIO);
        reopen();
        assertThat(readError(12)).isEqualTo(DiskError.EIO);
        pair.disk.drop(Progress.NONE);
        assertThat(readError(12)).as("dropping the cache forgets no loss").isEqualTo(DiskError.EIO);
        reopen();
        assertThat(readError(12)).isEqualTo(DiskError.EIO);
        holds(10, 12);
        holds(13, 15);
    }

    /** Else a power cut takes the successor, nothing tells of the loss any more, and the block reads as the disk's old content. */
    @Test
    void aLostBlockWhoseSuccessorIsOnlyInRamIsNotPassedBeforeThatIsDurable() throws Exception {
        write(12, 13);
        damage(12);
        pair.disk.flush(Progress.NONE); // logs it as lost
        write(30, 31);
        backing.hold(Kind.WRITE);
        CompletableFuture<Void> drop = concurrently(() -> pair.disk.drop(Progress.NONE));
        backing.awaitWaiting(1);
        pair.write(12 * BLOCK, block(1200)); // in RAM only; now no block counts as lost
        assertThat(snapshot().damagedBlocks()).isZero();
        backing.release();
        drop.join();
        reopen();
        assertThat(pair.read(12 * BLOCK, BLOCK)).isEqualTo(block(1200));
    }

    @Test
    void aDamagedBlockThatHasADurableSuccessorIsNotLost() throws Exception {
        write(12, 13);
        pair.flush();
        pair.write(12 * BLOCK, block(1200));
        damage(12);
        pair.disk.flush(Progress.NONE);
        assertThat(pair.read(12 * BLOCK, BLOCK)).isEqualTo(block(1200));
        assertThat(pair.backing(12 * BLOCK, BLOCK)).isEqualTo(block(1200));
        assertThat(snapshot().damagedBlocks()).isZero();
    }

    @Test
    void ofAPartOfABlockOnlyTheDirtySectorsAreLost() throws Exception {
        byte[] disk = Arrays.copyOfRange(DISK, 12 * BLOCK, 13 * BLOCK);
        byte[] part = random(4, 1024);
        pair.write(12 * BLOCK + 512, part);
        pair.disk.sync();
        TestData.spoil(cache, TestData.asBlock(part, 512));
        pair.disk.flush(Progress.NONE);
        byte[] sector = new byte[512];
        assertThat(pair.read(12 * BLOCK, 512)).isEqualTo(Arrays.copyOf(disk, 512));
        assertThat(pair.run(Op.READ, 12 * BLOCK + 512, 512, sector, false)).isEqualTo(DiskError.EIO);
        assertThat(pair.run(Op.READ, 12 * BLOCK + 1024, 512, sector, false)).isEqualTo(DiskError.EIO);
        assertThat(pair.read(12 * BLOCK + 1536, 512)).isEqualTo(Arrays.copyOfRange(disk, 1536, 2048));
    }

    @Test
    void aPassingReadErrorOfTheCacheDeviceIsNoDamage() throws Exception {
        write(0, 31);
        pair.disk.sync();
        cacheFaults.add(ERROR.on(Operation.READ).times(3));
        pair.disk.flush(Progress.NONE);
        assertThat(snapshot().damagedBlocks()).isZero();
        assertThat(pair.backing(0, 31 * BLOCK)).isEqualTo(pair.read(0, 31 * BLOCK));
    }

    @Test
    void aBlockOfTheCacheDeviceThatCanNotBeReadIsLostAndNoOther() throws Exception {
        write(0, 31);
        pair.disk.sync();
        long at = TestData.find(cache, block(9));
        cacheFaults.add(ERROR.on(Operation.READ).at(at, BLOCK));
        pair.disk.flush(Progress.NONE);
        assertThat(readError(9)).isEqualTo(DiskError.EIO);
        holds(0, 9);
        holds(10, 31);
        assertThat(snapshot().damagedBlocks()).isEqualTo(1);
    }

    @Test
    @Tag("slow")
    void manyDamagedBlocksInAFullLogDoNotWedgeIt() throws Exception {
        backing.hold(Kind.WRITE, Kind.SYNC);
        List<CompletableFuture<DiskError>> writes = new ArrayList<>();
        for (long a = 0; a < 40 * 31; a++) {
            writes.add(pair.start(Op.WRITE, a * BLOCK, BLOCK, block(a), false));
        }
        backing.awaitWaiting(1);
        assertThat(snapshot().parkedWrites()).isPositive();
        await().until(() -> snapshot().durableSeq() >= 20);
        // All that the first batch has not read yet: it has no room to log all that anew.
        Geometry geometry = Geometry.of(cache.sizeBytes(), SEGMENT_BLOCKS);
        for (int slot = 9; slot < 20; slot++) {
            TestData.put(cache, geometry.byteOffset(geometry.position(slot, 1)), random(slot, 31 * BLOCK));
        }
        backing.release();
        for (CompletableFuture<DiskError> w : writes) {
            assertThat(w.get()).isEqualTo(DiskError.OK);
        }
        pair.disk.flush(Progress.NONE);
        long lost = 0;
        for (long a = 0; a < 40 * 31; a++) {
            boolean spoilt = a >= 9 * 31 && a < 20 * 31;
            if (spoilt) {
                lost += readError(a) == DiskError.EIO ? 1 : 0;
            } else {
                holds(a, a + 1);
            }
        }
        assertThat(lost).isEqualTo(11 * 31);
    }
}
