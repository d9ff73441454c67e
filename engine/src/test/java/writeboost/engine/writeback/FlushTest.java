package writeboost.engine.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.RecordingDevice;
import writeboost.engine.cache.RecordingDevice.Io;
import writeboost.engine.cache.RecordingDevice.Kind;
import writeboost.engine.cache.Settings;
import writeboost.engine.cache.TestPair;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest.Op;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.Geometry;

/** Flush and drop, as the user asks for them. */
@Timeout(60)
class FlushTest {
    private static final int SEGMENT_BLOCKS = 32;
    /** Batches of one segment, nothing moved unasked. */
    private static final Settings SMALL_BATCHES = new Settings(0, 1, 0, 0, 0);

    private final RecordingDevice backing = new RecordingDevice(new MemoryDevice("backing", 64 * MIB));
    private final RecordingDevice cache =
            new RecordingDevice(new MemoryDevice("cache", Geometry.minCacheBytes(SEGMENT_BLOCKS)));
    private final TestPair pair;

    FlushTest() throws Exception {
        pair = new TestPair(cache, backing, SEGMENT_BLOCKS, SMALL_BATCHES);
        backing.forget();
    }

    @AfterEach
    void close() throws Exception {
        backing.release();
        cache.release();
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

    private CompletableFuture<Void> start(Progress progress) {
        return CompletableFuture.runAsync(() -> {
            try {
                pair.disk.flush(progress);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void aFlushOfACleanPairEndsAtOnce() throws Exception {
        List<Long> totals = new ArrayList<>();
        pair.disk.flush((done, total) -> totals.add(total));
        assertThat(totals).containsExactly(0L);
        assertThat(backing.noted()).isEmpty();
    }

    @Test
    void itsProgressGrowsFromNothingToAll() throws Exception {
        write(0, 300);
        List<Long> steps = new ArrayList<>();
        pair.disk.flush((done, total) -> {
            assertThat(total).isEqualTo(300);
            steps.add(done);
            return true;
        });
        assertThat(steps).isSorted().endsWith(300L);
        assertThat(backing.noted(Kind.SYNC)).as("one for each batch").hasSize(10);
    }

    @Test
    void itsProgressIsThatOfThisFlushAlone() throws Exception {
        write(0, 300);
        pair.disk.flush(Progress.NONE);
        write(1000, 1200);
        backing.hold(Kind.WRITE);
        List<Long> steps = new ArrayList<>();
        assertThatThrownBy(() -> pair.disk.flush((done, total) -> {
                    assertThat(total).isEqualTo(200);
                    steps.add(done);
                    return false;
                }))
                .isInstanceOf(EngineException.class);
        assertThat(steps).containsExactly(0L);
    }

    @Test
    void aCancelledFlushKeepsWhatItHasMovedAndLosesNothing() throws Exception {
        write(0, 300);
        backing.hold(Kind.WRITE); // else it may have ended before anybody asks
        assertThatThrownBy(() -> pair.disk.flush((done, total) -> false))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
        backing.release();
        for (long a = 0; a < 300; a++) {
            assertThat(pair.read(a * BLOCK, BLOCK)).isEqualTo(block(a));
        }
        pair.disk.flush(Progress.NONE);
        assertThat(pair.disk.snapshot().dirtyBlocks()).isZero();
    }

    @Test
    void afterACancelledFlushWritebackStopsAtTheEndOfItsBatch() throws Exception {
        write(0, 300);
        backing.hold(Kind.WRITE);
        AtomicBoolean goOn = new AtomicBoolean(true);
        CompletableFuture<Void> flush = start((done, total) -> goOn.get());
        backing.awaitWaiting(1);
        goOn.set(false);
        assertThatThrownBy(flush::join).hasRootCauseInstanceOf(EngineException.class);
        backing.release();
        pair.disk.sync();
        write(1000, 1001); // goes to the log while the batch at hand ends
        assertThat(pair.disk.snapshot().dirtyBlocks()).isGreaterThan(200);
    }

    @Test
    void aFlushEndsThoughWritesGoOn() throws Exception {
        write(0, 200);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger written = new AtomicInteger();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (long a = 0; !stop.get(); a++) {
                pair.write((5000 + a % 3000) * BLOCK, block(a));
                written.incrementAndGet();
            }
        });
        for (int i = 0; i < 5; i++) {
            pair.disk.flush(Progress.NONE);
        }
        int before = written.get();
        while (written.get() == before) {
            Thread.onSpinWait();
        }
        stop.set(true);
        writer.join();
        for (long a = 0; a < 200; a++) {
            assertThat(pair.backing(a * BLOCK, BLOCK)).isEqualTo(block(a));
        }
    }

    @Test
    void itCoversWhatWasDirtyWhenItBeganAndNoMore() throws Exception {
        write(0, 31);
        backing.hold(Kind.SYNC);
        CompletableFuture<Void> flush = start(Progress.NONE);
        backing.awaitWaiting(1);
        write(100, 131);
        backing.release();
        flush.join();
        assertThat(pair.disk.snapshot().dirtyBlocks()).isEqualTo(31);
        assertThat(backing.noted(Kind.WRITE)).containsExactly(new Io(Kind.WRITE, 0, 31 * BLOCK));
    }

    @Test
    void severalFlushesAtOnceAllEnd() throws Exception {
        write(0, 500);
        List<CompletableFuture<Void>> flushes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            flushes.add(start(Progress.NONE));
        }
        flushes.forEach(CompletableFuture::join);
        assertThat(pair.disk.snapshot().dirtyBlocks()).isZero();
        long blocks = backing.noted(Kind.WRITE).stream().mapToLong(Io::length).sum() / BLOCK;
        assertThat(blocks).as("each block is moved once").isEqualTo(500);
    }

    @Test
    void aStopDuringAFlushEndsIt() throws Exception {
        write(0, 300);
        backing.hold(Kind.WRITE);
        CompletableFuture<Void> flush = start(Progress.NONE);
        backing.awaitWaiting(1);
        CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> {
            try {
                pair.disk.stop();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThatThrownBy(flush::join)
                .hasRootCauseInstanceOf(EngineException.class)
                .hasMessageContaining("stopped before the flush had ended");
        backing.release();
        stop.join();
        pair.open(SMALL_BATCHES);
        for (long a = 0; a < 300; a++) {
            assertThat(pair.read(a * BLOCK, BLOCK)).isEqualTo(block(a));
        }
    }

    @Test
    void whatIsSupersededOnlyInRamIsWrittenBackAllTheSame() throws Exception {
        write(100, 131); // a segment of others
        write(5, 6);
        pair.flush();
        backing.hold(Kind.WRITE);
        CompletableFuture<Void> flush = start(Progress.NONE);
        backing.awaitWaiting(1); // at the first batch; the second is not decided yet
        pair.write(5 * BLOCK, block(500)); // in RAM only
        backing.release();
        flush.join();
        assertThat(pair.backing(5 * BLOCK, BLOCK)).isEqualTo(block(5));
        assertThat(pair.disk.snapshot().tailSeq()).isEqualTo(2);
        pair.disk.kill(); // and with it the newer one
        pair.open(SMALL_BATCHES);
        assertThat(pair.read(5 * BLOCK, BLOCK)).isEqualTo(block(5));
    }

    @Test
    void whatIsSupersededDurablyIsNotWrittenBack() throws Exception {
        write(5, 6);
        pair.flush();
        pair.write(5 * BLOCK, block(500));
        pair.disk.flush(Progress.NONE);
        assertThat(backing.noted(Kind.WRITE)).hasSize(1);
        assertThat(pair.backing(5 * BLOCK, BLOCK)).isEqualTo(block(500));
    }

    @Test
    void anEntryThatWasOverwrittenWhileItWasWrittenBackStaysDirty() throws Exception {
        write(5, 6);
        pair.flush();
        backing.hold(Kind.SYNC);
        CompletableFuture<Void> flush = start(Progress.NONE);
        backing.awaitWaiting(1);
        pair.write(5 * BLOCK, block(500));
        backing.release();
        flush.join();
        assertThat(pair.disk.snapshot().dirtyBlocks()).isEqualTo(1);
        pair.disk.flush(Progress.NONE);
        assertThat(pair.backing(5 * BLOCK, BLOCK)).isEqualTo(block(500));
    }

    // ---- ranges ----

    @Test
    void aRangeClearsWhatIsOlderAndLeavesWhatIsNewer() throws Exception {
        write(0, 20);
        pair.zero(0, 20 * BLOCK);
        write(8, 9);
        pair.disk.flush(Progress.NONE);
        assertThat(pair.backing(0, 8 * BLOCK)).containsOnly(0);
        assertThat(pair.backing(8 * BLOCK, BLOCK)).isEqualTo(block(8));
        assertThat(pair.backing(9 * BLOCK, 11 * BLOCK)).containsOnly(0);
        assertThat(backing.noted(Kind.ZERO))
                .containsExactly(new Io(Kind.ZERO, 0, 8 * BLOCK), new Io(Kind.ZERO, 9 * BLOCK, 11 * BLOCK));
        assertThat(backing.noted(Kind.WRITE))
                .as("hidden blocks are not written")
                .hasSize(1);
    }

    @Test
    void aBlockThatIsNewerOnlyInRamIsZeroedAllTheSame() throws Exception {
        pair.zero(0, 4 * BLOCK);
        pair.flush();
        backing.hold(Kind.ZERO);
        CompletableFuture<Void> flush = start(Progress.NONE);
        backing.awaitWaiting(1);
        pair.write(BLOCK, block(1)); // in RAM only
        backing.release();
        flush.join();
        assertThat(backing.noted(Kind.ZERO)).containsExactly(new Io(Kind.ZERO, 0, 4 * BLOCK));
        assertThat(pair.read(BLOCK, BLOCK)).isEqualTo(block(1));
        pair.disk.flush(Progress.NONE);
        assertThat(pair.backing(BLOCK, BLOCK)).isEqualTo(block(1));
        assertThat(pair.backing(2 * BLOCK, 2 * BLOCK)).containsOnly(0);
    }

    /** Any durable newer version suffices: the newest of all may still be in RAM, and go. */
    @Test
    void aRangeLeavesOutABlockThatWasWrittenBackThoughTheNewestVersionIsOnlyInRam() throws Exception {
        pair.zero(0, 4 * BLOCK);
        write(1, 2);
        pair.flush();
        backing.hold(Kind.WRITE);
        CompletableFuture<Void> flush = start(Progress.NONE);
        backing.awaitWaiting(1); // block 1 is on its way to the disk; then comes the range
        pair.write(BLOCK, block(100)); // in RAM only
        backing.release();
        flush.join();
        assertThat(pair.backing(BLOCK, BLOCK)).isEqualTo(block(1));
        assertThat(backing.noted(Kind.ZERO))
                .containsExactly(new Io(Kind.ZERO, 0, BLOCK), new Io(Kind.ZERO, 2 * BLOCK, 2 * BLOCK));
        pair.disk.kill(); // and with it the newest version
        pair.open(SMALL_BATCHES);
        pair.disk.drop(Progress.NONE); // only the disk has it now
        assertThat(pair.read(BLOCK, BLOCK)).isEqualTo(block(1));
    }

    @Test
    void aLongRangeGoesInPiecesOfSixteenMebibytes() throws Exception {
        pair.zero(BLOCK, 40 * MIB);
        pair.disk.flush(Progress.NONE);
        assertThat(backing.noted(Kind.ZERO))
                .containsExactly(
                        new Io(Kind.ZERO, BLOCK, 16 * MIB),
                        new Io(Kind.ZERO, BLOCK + 16 * MIB, 16 * MIB),
                        new Io(Kind.ZERO, BLOCK + 32 * MIB, 8 * MIB));
    }

    @Test
    void eachPieceIsCheckedAgain() throws Exception {
        pair.zero(0, 32 * MIB);
        pair.flush();
        backing.hold(Kind.ZERO);
        CompletableFuture<Void> flush = start(Progress.NONE);
        backing.awaitWaiting(1);
        pair.write(20 * MIB, block(7));
        pair.flush(); // durable before the second piece is decided
        backing.release();
        flush.join();
        assertThat(backing.noted(Kind.ZERO))
                .containsExactly(
                        new Io(Kind.ZERO, 0, 16 * MIB),
                        new Io(Kind.ZERO, 16 * MIB, 4 * MIB),
                        new Io(Kind.ZERO, 20 * MIB + BLOCK, 12 * MIB - BLOCK));
    }

    @Test
    void rangesAreCarriedOutInTheOrderOfTheLog() throws Exception {
        pair.trim(0, 8 * BLOCK);
        pair.zero(4 * BLOCK, 8 * BLOCK);
        pair.start(Op.ZERO, 10 * BLOCK, 8 * BLOCK, new byte[0], r -> r.noHole = true)
                .join();
        pair.disk.flush(Progress.NONE);
        assertThat(backing.noted().stream().filter(io -> io.kind() != Kind.SYNC).toList())
                .containsExactly(
                        new Io(Kind.DISCARD, 0, 8 * BLOCK),
                        new Io(Kind.ZERO, 4 * BLOCK, 8 * BLOCK),
                        new Io(Kind.ZERO_NO_HOLE, 10 * BLOCK, 8 * BLOCK));
    }

    @Test
    void aDiskThatCanNotDiscardIsNotAskedTo() throws Exception {
        backing.cannotDiscard();
        pair.trim(0, 8 * BLOCK);
        pair.disk.flush(Progress.NONE);
        assertThat(backing.noted()).containsExactly(new Io(Kind.SYNC, 0, 0));
        assertThat(pair.disk.snapshot().dirtyRanges()).isZero();
    }

    // ---- drop ----

    @Test
    void dropForgetsWhatWasCachedWhenItBegan() throws Exception {
        write(0, 100);
        pair.zero(50 * BLOCK, 10 * BLOCK);
        pair.disk.drop(Progress.NONE);
        assertThat(pair.disk.snapshot().cachedBlocks()).isZero();
        assertThat(pair.disk.snapshot().freeSegments()).isGreaterThanOrEqualTo(31);
        backing.forget();
        assertThat(pair.read(0, BLOCK)).isEqualTo(block(0));
        assertThat(backing.noted(Kind.READ)).hasSize(1);
        pair.disk.kill();
        pair.open(SMALL_BATCHES);
        assertThat(pair.disk.snapshot().cachedBlocks()).as("for good").isZero();
    }

    @Test
    void dropKeepsWhatIsWrittenWhileItRuns() throws Exception {
        write(0, 31);
        backing.hold(Kind.SYNC);
        CompletableFuture<Void> drop = CompletableFuture.runAsync(() -> {
            try {
                pair.disk.drop(Progress.NONE);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        backing.awaitWaiting(1);
        write(20, 40);
        backing.release();
        drop.join();
        assertThat(pair.disk.snapshot().cachedBlocks()).isEqualTo(20);
        assertThat(pair.disk.snapshot().dirtyBlocks()).isEqualTo(20);
        for (long a = 0; a < 40; a++) {
            assertThat(pair.read(a * BLOCK, BLOCK)).isEqualTo(block(a));
        }
    }

    @Test
    void aStoppedPairCanNotBeFlushed() throws Exception {
        pair.disk.stop();
        for (ThrowingCallable operation : List.<ThrowingCallable>of(
                () -> pair.disk.flush(Progress.NONE), () -> pair.disk.drop(Progress.NONE), () -> pair.disk.sync())) {
            assertThatThrownBy(operation)
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE));
        }
    }
}
