package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.Fault;
import writeboost.engine.device.FaultDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.TapeDevice.Call;
import writeboost.engine.log.TapeDevice.Op;

/** Appending on a device that fails writes and syncs. */
class LogFaultTest extends LogFixture {
    private static IOException refusal() {
        return new DeviceException(DeviceException.Kind.IO, "refused", null);
    }

    private interface Which {
        boolean matches(Call call);
    }

    /** The next calls that match fail, so many of them. Returns how many have. */
    private AtomicInteger failNext(int times, Which which) {
        AtomicInteger failed = new AtomicInteger();
        cache.before = call -> {
            if (which.matches(call) && failed.get() < times) {
                failed.incrementAndGet();
                throw refusal();
            }
        };
        return failed;
    }

    private static boolean isSync(Call call) {
        return call.op() == Op.SYNC;
    }

    // ---- failed writes ----

    @Test
    void cache1AChunkThatFailedIsWrittenAgainWithItsSeqInAHigherSegment() throws Exception {
        opened.durableChunk(1);
        failNext(1, this::isChunk);
        opened.durableChunk(2, 3);
        opened.durableChunk(4);
        assertThat(headerOf(2).segmentId()).isEqualTo(2);
        assertThat(headerOf(2).offset()).isZero();
        assertThat(headerOf(3).segmentId()).isEqualTo(2);
        assertThat(opened.events).anyMatch(e -> e.startsWith("failed: refused"));
        reopenAfterPowerCut(call -> false);
        assertThat(opened.chunks).containsExactly("1@1.0 W1", "2@2.0 W2 W3", "3@2.3 W4");
    }

    /** What failed may have been written all the same, or may be yet. */
    @Test
    void cache1RoomInWhichAWriteFailedIsNotUsedAgainBeforeOldestHasPassedTheChunk() throws Exception {
        failNext(1, this::isChunk);
        opened.durableChunk(1);
        assertThat(headerOf(1).segmentId()).isEqualTo(2);
        assertThat(opened.locked(() -> opened.log.segments().freeSegments())).isEqualTo(LogImage.SEGMENTS - 2);
        opened.log.checkpoint(1, 2, false);
        assertThat(opened.locked(() -> opened.log.segments().freeSegments())).isEqualTo(LogImage.SEGMENTS - 1);
    }

    @Test
    void aWriteThatFailedHalfWayIsNotTakenForTheChunk() throws Exception {
        FaultDevice faulty = new FaultDevice(
                new MemoryDevice("cache", Geometry.minCacheBytes(LogImage.SEGMENT_BLOCKS)), new QuickTasks());
        LogFormat.format(faulty, backing, LogImage.CACHE, LogImage.PAIR, LogImage.SEGMENT_BLOCKS, 1);
        for (long done : new long[] {0, 512, 4096, 8192, 8192 + 512}) {
            try (OpenLog log = OpenLog.open(faulty, backing).start()) {
                faulty.add(Fault.error(DeviceException.Kind.NO_SPACE)
                        .on(Fault.Operation.WRITE)
                        .times(1)
                        .afterBytes(done));
                long seq = log.durableChunk(10, 11);
                assertThat(log.seqHolding(10)).isEqualTo(seq);
            }
            try (OpenLog again = OpenLog.open(faulty, backing)) {
                assertThat(again.seqHolding(10)).as("after %s bytes", done).isEqualTo(again.log.headSeq());
                assertThat(again.seqHolding(11)).isEqualTo(again.log.headSeq());
            }
        }
    }

    @Test
    void severalFailuresGoThroughSeveralSegments() throws Exception {
        AtomicInteger failed = failNext(4, this::isChunk);
        opened.durableChunk(1);
        assertThat(failed).hasValue(4);
        assertThat(headerOf(1).segmentId()).isEqualTo(5);
    }

    @Test
    void theCopyInTheNextHeaderNamesThePlaceWhereTheChunkWasWrittenInTheEnd() throws Exception {
        // Those of the first chunk: the second may be on its way beside it.
        failNext(2, call -> isChunk(call) && (call.touches(byteAt(0, 0)) || call.touches(byteAt(1, 0))));
        opened.chunk(1);
        opened.durableChunk(2);
        assertThat(headerOf(2).previous().segmentId()).isEqualTo(3);
        assertThat(headerOf(2).previous().entries()).isEqualTo(headerOf(1).entries());
    }

    @Test
    void cache1ADeviceThatRefusesWritesForGoodBreaksTheLogAndTellsAllWhoWait() throws Exception {
        opened.durableChunk(1);
        failNext(Integer.MAX_VALUE, this::isChunk);
        CompletableFuture<Void> waiter = concurrently(() -> opened.log.awaitDurable(opened.chunk(2)));
        assertThat(waiter).failsWithin(30, TimeUnit.SECONDS);
        assertThat(opened.broken()).contains("refuses writes").contains("refused");
        assertBroken(2);
        assertThat(opened.marks().durable()).isEqualTo(1);
    }

    private void assertBroken(long seq) {
        assertThat(opened.append(3)).isZero();
        assertThat(opened.locked(() -> opened.log.openForWriteback() == null)).isTrue();
        assertThat(opened.locked(opened.log::hasClientRoom)).isFalse();
        assertThatThrownBy(() -> opened.log.awaitDurable(seq))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO));
        assertThatThrownBy(() -> opened.log.checkpoint(0, 1, false))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO));
    }

    // ---- failed syncs ----

    @Test
    void cache2AfterAFailedSyncEverythingSinceTheLastGoodOneIsWrittenAgain() throws Exception {
        opened.durableChunk(1);
        Gate firstSync = new Gate();
        AtomicInteger syncs = new AtomicInteger();
        cache.before = call -> {
            if (isSync(call) && syncs.incrementAndGet() == 1) {
                firstSync.pass();
                throw refusal();
            }
        };
        wantWhileMoreComes(opened.chunk(2), 3);
        firstSync.awaitArrival();
        opened.append(4);
        opened.close(CloseReason.FLUSH);
        awaitWritten(3);
        firstSync.open();
        opened.log.awaitDurable(3);
        assertThat(headerOf(1).segmentId()).isEqualTo(1);
        assertThat(headerOf(2).segmentId()).isEqualTo(2);
        assertThat(headerOf(3).segmentId()).isEqualTo(2);
        assertThat(opened.events)
                .filteredOn(e -> e.startsWith("durable"))
                .containsExactly("durable 1", "durable 2", "durable 3");
        // What the failed sync should have covered may be lost: only what was written again counts.
        reopenAfterPowerCut(call -> false);
        assertThat(opened.chunks).containsExactly("1@1.0 W1", "2@2.0 W2", "3@2.2 W3 W4");
        assertThat(opened.seqHolding(4)).isEqualTo(3);
    }

    @Test
    void cache2DurableDoesNotMoveByAFailedSync() throws Exception {
        Gate rewrite = new Gate();
        AtomicInteger syncs = failNext(1, LogFaultTest::isSync);
        TapeDevice.Hook failing = cache.before;
        cache.before = call -> {
            if (isChunk(call) && syncs.get() == 1 && !rewrite.isReached()) {
                rewrite.pass();
            }
            failing.on(call);
        };
        opened.want(opened.chunk(1));
        rewrite.awaitArrival();
        assertThat(opened.marks().durable()).isZero();
        assertThat(opened.usedBuffers()).isEqualTo(1);
        assertThat(opened.events).noneMatch(e -> e.startsWith("durable"));
        rewrite.open();
        opened.log.awaitDurable(1);
    }

    @Test
    @Tag("slow")
    void aCrashAnywhereWhileWritingAgainLosesNothingThatWasDurable() throws Exception {
        for (int crashAt = 0; crashAt < 6; crashAt++) {
            opened.close();
            format(LogImage.SEGMENT_BLOCKS).start();
            opened.durableChunk(1);
            crashWhileWritingAgain(crashAt);
            for (boolean keep : new boolean[] {true, false}) {
                reopenAfterPowerCut(call -> keep);
                assertThat(opened.chunks)
                        .as("crash at call %s", crashAt)
                        .isNotEmpty()
                        .first()
                        .isEqualTo("1@1.0 W1");
                assertThat(opened.seqHolding(1)).isEqualTo(1);
            }
        }
    }

    /** So that the committer syncs, and the writer may go on. */
    private void wantWhileMoreComes(long seq, long address) {
        opened.append(address);
        opened.want(seq);
    }

    /** Three more chunks, a failed sync, then so many calls of those that write them again. */
    private void crashWhileWritingAgain(int calls) {
        AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
        Gate sync = new Gate();
        Gate crash = new Gate();
        cache.before = call -> {
            if (isSync(call) && !sync.isReached()) {
                sync.pass();
                left.set(calls);
                throw refusal();
            }
            if (left.getAndDecrement() <= 0) {
                crash.pass();
                throw refusal();
            }
        };
        wantWhileMoreComes(opened.chunk(2), 3);
        sync.awaitArrival();
        opened.close(CloseReason.FLUSH);
        awaitWritten(3);
        sync.open();
        CompletableFuture<Void> more = concurrently(() -> {
            opened.log.awaitDurable(3);
            opened.chunk(4);
            opened.durableChunk(5);
        });
        crash.awaitArrival();
        CompletableFuture<Void> killed = concurrently(() -> opened.log.kill());
        Awaitility.await().until(() -> opened.broken() != null);
        crash.open();
        killed.join();
        assertThat(more).failsWithin(30, TimeUnit.SECONDS);
    }

    @Test
    void cache2ASyncThatOverlapsAFailedOneFailsToo() throws Exception {
        opened.durableChunk(1);
        Gate committer = new Gate();
        Gate checkpointer = new Gate();
        AtomicInteger syncs = new AtomicInteger();
        cache.before = call -> {
            if (isSync(call) && syncs.incrementAndGet() == 1) {
                committer.pass();
                throw refusal();
            }
        };
        cache.after = call -> {
            if (isSync(call) && syncs.get() == 2 && !checkpointer.isReached()) {
                checkpointer.pass();
            }
        };
        opened.want(opened.chunk(2));
        committer.awaitArrival();
        CompletableFuture<Void> checkpoint = concurrently(() -> opened.log.checkpoint(1, 2, false));
        checkpointer.awaitArrival();
        committer.open();
        Awaitility.await().until(() -> opened.events.stream().anyMatch(e -> e.startsWith("failed")));
        checkpointer.open();
        checkpoint.join();
        opened.log.awaitDurable(2);
        List<Long> slots = cache.writes().stream()
                .filter(this::isCheckpoint)
                .map(Call::offsetBytes)
                .toList();
        long first = Geometry.checkpointByteOffset(0);
        assertThat(slots).startsWith(first, first).endsWith(Geometry.checkpointByteOffset(1));
        assertThat(opened.log.errors()).as("only one sync has really failed").isEqualTo(1);
    }

    /** The device tells of a failure once; until whoever was told has said so to all, no other sync is worth anything. */
    @Test
    void cache2ASyncThatSucceedsBeforeTheFailureOfAnotherIsKnownIsNotBelieved() throws Exception {
        opened.durableChunk(1);
        AtomicInteger syncs = new AtomicInteger();
        cache.before = call -> {
            if (isSync(call) && syncs.incrementAndGet() == 1) {
                throw refusal();
            }
        };
        Gate told = new Gate();
        opened.tasks.beforeLock = () -> {
            boolean isCommitter = Thread.currentThread().getName().equals("wb-commit");
            if (isCommitter && syncs.get() == 1 && !told.isReached()) {
                told.pass();
            }
        };
        wantWhileMoreComes(opened.chunk(2), 3);
        told.awaitArrival();
        AtomicReference<Thread> checkpointing = new AtomicReference<>();
        CompletableFuture<Void> checkpoint = concurrently(() -> {
            checkpointing.set(Thread.currentThread());
            opened.log.checkpoint(0, 1, false);
        });
        // Its sync succeeds. It either waits for what the committer has to tell, or goes on with the second copy.
        Awaitility.await().until(() -> syncs.get() > 1);
        Awaitility.await()
                .until(() -> checkpointCopies() > 1
                        || Objects.requireNonNull(checkpointing.get()).getState() == Thread.State.WAITING);
        told.open();
        checkpoint.join();
        opened.log.awaitDurable(2);
        reopenAfterPowerCut(call -> false);
        assertThat(opened.seqHolding(2)).isEqualTo(2);
    }

    private long checkpointCopies() {
        return cache.writes().stream().filter(this::isCheckpoint).count();
    }

    @Test
    void aCheckpointCopyWrittenBeforeAFailedSyncIsWrittenAgainThoughItsOwnSyncSucceeds() throws Exception {
        opened.durableChunk(1);
        Gate copyWritten = new Gate();
        AtomicInteger failed = new AtomicInteger();
        cache.before = call -> {
            if (isSync(call) && copyWritten.isReached() && failed.getAndIncrement() == 0) {
                throw refusal();
            }
        };
        cache.after = call -> {
            if (isCheckpoint(call) && !copyWritten.isReached()) {
                copyWritten.pass();
            }
        };
        CompletableFuture<Void> checkpoint = concurrently(() -> opened.log.checkpoint(1, 2, false));
        copyWritten.awaitArrival();
        opened.durableChunk(2);
        assertThat(failed.get()).isPositive();
        copyWritten.open();
        checkpoint.join();
        reopenAfterPowerCut(call -> false);
        assertThat(new LogScanner(cache, opened.replay.superblock()).readCheckpointSlots())
                .as("both copies of a checkpoint in effect are durable")
                .filteredOn(
                        slot -> slot.checkpoint() != null && slot.checkpoint().generation() == 2)
                .hasSize(2);
    }

    @Test
    void theCopyInAHeaderNamesTheNewPlaceThoughThatWasDurableBeforeTheHeaderWasWrittenAgain() throws Exception {
        Gate firstSync = new Gate();
        AtomicReference<Thread> syncing = new AtomicReference<>();
        cache.before = call -> {
            if (isSync(call) && syncing.compareAndSet(null, Thread.currentThread())) {
                firstSync.pass();
                throw refusal();
            }
        };
        opened.want(opened.chunk(1));
        firstSync.awaitArrival();
        opened.chunk(2);
        awaitWritten(2);
        holdWritersUntilTheFirstChunkIsDurable(Objects.requireNonNull(syncing.get()));
        firstSync.open();
        opened.log.awaitDurable(1);
        opened.tasks.beforeLock = () -> {};
        opened.log.awaitDurable(2);
        assertThat(headerOf(1).segmentId()).isEqualTo(2);
        assertThat(headerOf(2).previous().segmentId()).isEqualTo(2);
    }

    /**
     * Neither of the log's writers begins to write the second chunk again before the first is durable: not the one that is told of the
     * failed sync, nor the one that writes the first again.
     */
    private void holdWritersUntilTheFirstChunkIsDurable(Thread syncing) {
        long again = byteAt(1, 0);
        AtomicReference<Thread> writing = new AtomicReference<>();
        AtomicInteger locksOfSyncing = new AtomicInteger();
        AtomicInteger locksOfWriting = new AtomicInteger();
        cache.after = call -> {
            if (isChunk(call) && call.touches(again)) {
                writing.set(Thread.currentThread());
            }
        };
        opened.tasks.beforeLock = () -> {
            // It learns of the failure, ends its part of the commit, and looks for work; the other notes that a chunk
            // is written first.
            boolean looksForWork = Thread.currentThread() == syncing && locksOfSyncing.incrementAndGet() >= 3;
            boolean goesOn = Thread.currentThread() == writing.get() && locksOfWriting.incrementAndGet() >= 2;
            if (looksForWork || goesOn) {
                Awaitility.await().until(() -> opened.events.contains("durable 1"));
            }
        };
    }

    @Test
    void syncsThatFailForGoodBreakTheLog() throws Exception {
        opened.durableChunk(1);
        failNext(Integer.MAX_VALUE, LogFaultTest::isSync);
        long seq = opened.chunk(2);
        assertThatThrownBy(() -> opened.log.awaitDurable(seq)).hasMessageContaining("refuses");
        assertBroken(seq);
    }

    @Test
    void aCheckpointThatCannotBeWrittenBreaksTheLogAndLeavesTheMarks() throws Exception {
        opened.durableChunk(1);
        failNext(Integer.MAX_VALUE, this::isCheckpoint);
        assertThatThrownBy(() -> opened.log.checkpoint(1, 2, false)).hasMessageContaining("refused");
        assertThat(opened.marks()).isEqualTo(new Marks(1, 0, 1));
        assertThat(opened.events).noneMatch(e -> e.startsWith("evicted"));
        assertBroken(2);
    }

    @Test
    void passingErrorsOfEachNthCallAreSurvived() throws Exception {
        for (int nth = 1; nth <= 14; nth++) {
            opened.close();
            format(LogImage.SEGMENT_BLOCKS).start();
            int failing = nth;
            AtomicInteger calls = new AtomicInteger();
            cache.before = call -> {
                if (calls.incrementAndGet() == failing) {
                    throw refusal();
                }
            };
            opened.durableChunk(1);
            opened.durableChunk(2);
            opened.log.checkpoint(1, 2, false);
            opened.durableChunk(3);
            assertThat(opened.broken()).isNull();
            reopenAfterPowerCut(call -> false);
            assertThat(opened.chunks).as("call %s failed", nth).hasSize(2);
            assertThat(opened.seqHolding(2)).isEqualTo(2);
            assertThat(opened.seqHolding(3)).isEqualTo(3);
        }
    }
}
