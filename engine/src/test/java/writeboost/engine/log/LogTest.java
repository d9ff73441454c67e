package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import writeboost.engine.log.TapeDevice.Op;

/** Appending and group commit on a device that works. */
class LogTest extends LogFixture {
    @Test
    void whatIsDurableSurvivesAPowerCut() throws Exception {
        opened.durableChunk(1, 2, 3);
        opened.durableChunk(2);
        reopenAfterPowerCut(call -> false);
        assertThat(opened.chunks).containsExactly("1@1.0 W1 W2 W3", "2@1.4 W2");
        assertThat(opened.seqHolding(2)).isEqualTo(2);
        assertThat(opened.seqHolding(3)).isEqualTo(1);
    }

    @Test
    void anEntryMovesToItsPositionWhenItsChunkIsDurable() throws Exception {
        opened.chunk(7);
        awaitWritten(1);
        assertThat(opened.seqHolding(7)).as("written, but not durable").isZero();
        opened.log.awaitDurable(1);
        assertThat(opened.seqHolding(7)).isEqualTo(1);
        assertThat(opened.events).containsExactly("durable 1");
    }

    @Test
    void theOpenChunkTakesTheNextEntryUntilItIsClosed() {
        assertThat(opened.append(1)).isEqualTo(1);
        assertThat(opened.append(2)).isEqualTo(1);
        assertThat(opened.close(CloseReason.FLUSH)).isEqualTo(1);
        assertThat(opened.append(3)).isEqualTo(2);
    }

    @Test
    void aFullChunkIsClosedAndWrittenByItself() throws Exception {
        for (int i = 0; i < 15; i++) {
            assertThat(opened.append(i)).isEqualTo(1);
        }
        awaitWritten(1);
        assertThat(opened.append(15)).isEqualTo(2);
        assertThat(header(0).reason()).isEqualTo(CloseReason.FULL);
        assertThat(header(0).flushPoint()).isFalse();
    }

    @Test
    void noEmptyChunkIsEverWritten() throws Exception {
        assertThat(opened.close(CloseReason.FLUSH)).isZero();
        opened.log.awaitDurable(0);
        opened.durableChunk(1);
        for (int i = 0; i < 5; i++) {
            assertThat(opened.close(CloseReason.FUA)).isEqualTo(1);
            opened.log.awaitDurable(1);
        }
        assertThat(writtenChunks()).containsExactly("1@1.0");
    }

    @Test
    void aHeaderSaysWhatTheLogKnewWhenItWasWritten() throws Exception {
        opened.durableChunk(1);
        opened.durableChunk(2);
        opened.log.checkpoint(1, 2, false);
        opened.append(3);
        opened.close(CloseReason.FUA);
        opened.log.awaitDurable(3);
        ChunkHeader h = headerOf(3);
        assertThat(h.marks()).isEqualTo(new Marks(2, 1, 2));
        assertThat(h.generation()).isEqualTo(2);
        assertThat(h.reason()).isEqualTo(CloseReason.FUA);
        assertThat(h.flushPoint()).isTrue();
        assertThat(h.incarnation()).isEqualTo(1);
        assertThat(h.firstSeq()).isEqualTo(1);
        assertThat(h.wallTimeMs()).isEqualTo(opened.tasks.wallTimeMs());
    }

    @Test
    void everyHeaderCarriesACopyOfTheChunkBefore() throws Exception {
        for (int i = 1; i <= 12; i++) {
            opened.durableChunk(i, 100 + i);
        }
        assertThat(headerOf(1).previous().entries().count()).isZero();
        for (int i = 2; i <= 12; i++) {
            ChunkHeader.Previous copy = headerOf(i).previous();
            ChunkHeader before = headerOf(i - 1);
            assertThat(copy.segmentId()).isEqualTo(before.segmentId());
            assertThat(copy.offset()).isEqualTo(before.offset());
            assertThat(copy.dataBlocks()).isEqualTo(2);
            assertThat(copy.entries()).isEqualTo(before.entries());
        }
    }

    @Test
    void aWaiterCountsOnlyForASyncThatBeganAfterItsChunkWasWritten() throws Exception {
        Gate firstSync = new Gate();
        AtomicLong durableAtSecondSync = new AtomicLong(-1);
        cache.before = call -> {
            if (call.op() == Op.SYNC) {
                if (firstSync.isReached()) {
                    durableAtSecondSync.compareAndSet(-1, opened.marks().durable());
                } else {
                    firstSync.pass();
                }
            }
        };
        long first = opened.chunk(1);
        opened.append(2); // else the writer would sync, and write nothing meanwhile
        opened.want(first);
        firstSync.awaitArrival();
        opened.want(opened.close(CloseReason.FLUSH));
        awaitWritten(2);
        firstSync.open();
        opened.log.awaitDurable(2);
        assertThat(durableAtSecondSync).hasValue(1);
        assertThat(syncs()).isEqualTo(2);
    }

    @Test
    void oneSyncServesAllWhoWait() throws Exception {
        Gate firstSync = new Gate();
        cache.before = call -> {
            if (call.op() == Op.SYNC && !firstSync.isReached()) {
                firstSync.pass();
            }
        };
        long first = opened.chunk(1);
        opened.append(2);
        opened.want(first);
        firstSync.awaitArrival();
        opened.close(CloseReason.FLUSH);
        opened.chunk(3);
        List<CompletableFuture<Void>> waiters = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            long seq = 2L + i % 2;
            waiters.add(concurrently(() -> opened.log.awaitDurable(seq)));
        }
        awaitWritten(3);
        firstSync.open();
        for (CompletableFuture<Void> waiter : waiters) {
            waiter.get(30, TimeUnit.SECONDS);
        }
        assertThat(syncs()).isEqualTo(2);
    }

    /** Which task syncs a chunk that somebody waits for while it is being written. */
    private Set<String> whoSyncs(boolean moreComes) throws Exception {
        Gate write = new Gate();
        Set<String> who = ConcurrentHashMap.newKeySet();
        cache.before = call -> {
            if (call.op() == Op.WRITE && !write.isReached()) {
                write.pass();
            } else if (call.op() == Op.SYNC) {
                who.add(Thread.currentThread().getName());
            }
        };
        long seq = opened.chunk(1);
        write.awaitArrival();
        opened.want(seq);
        if (moreComes) {
            opened.append(2);
        }
        write.open();
        opened.log.awaitDurable(seq);
        return who;
    }

    @Test
    void forOneWhoWaitsAloneTheWriterSyncsWhichIsAwake() throws Exception {
        assertThat(whoSyncs(false)).hasSize(1).allMatch(who -> who.startsWith("wb-log"));
    }

    @Test
    void whereMoreComesTheWriterGoesOnWriting() throws Exception {
        assertThat(whoSyncs(true)).containsExactly("wb-commit");
    }

    /** Nobody waits for that sync, and while it lasts the other half of the pool fills. */
    @Test
    void whileHalfAPoolIsSyncedTheWriterGoesOnWriting() throws Exception {
        Gate sync = new Gate();
        cache.before = call -> {
            if (call.op() == Op.SYNC && !sync.isReached()) {
                sync.pass();
            }
        };
        int half = opened.locked(opened.log::buffers) / 2;
        for (int i = 0; i < half; i++) {
            opened.chunk(i);
        }
        sync.awaitArrival();
        opened.chunk(half);
        awaitWritten(half + 1);
        sync.open();
    }

    @Test
    void whatCameWhileTheWriterSyncedIsSyncedToo() throws Exception {
        Gate firstSync = new Gate();
        cache.before = call -> {
            if (call.op() == Op.SYNC && !firstSync.isReached()) {
                firstSync.pass();
            }
        };
        opened.want(opened.chunk(1));
        firstSync.awaitArrival();
        opened.want(opened.chunk(2));
        opened.want(opened.chunk(3));
        firstSync.open();
        opened.log.awaitDurable(3);
        assertThat(opened.marks().durable()).isEqualTo(3);
    }

    @Test
    void nobodyWaitsNobodySyncs() {
        opened.chunk(1);
        awaitWritten(1);
        assertThat(syncs()).isZero();
        assertThat(opened.marks().durable()).isZero();
    }

    @Test
    void aBufferReturnsOnlyAfterASyncThatCoversIt() throws Exception {
        Gate sync = new Gate();
        cache.before = call -> {
            if (call.op() == Op.SYNC && !sync.isReached()) {
                sync.pass();
            }
        };
        opened.want(opened.chunk(1));
        sync.awaitArrival();
        assertThat(opened.usedBuffers()).isEqualTo(1);
        opened.append(2);
        assertThat(opened.usedBuffers()).isEqualTo(2);
        sync.open();
        opened.log.awaitDurable(1);
        assertThat(opened.usedBuffers()).isEqualTo(1);
    }

    @Test
    void halfAPoolOfWrittenChunksIsSyncedThoughNobodyAsked() {
        int buffers = opened.locked(opened.log::buffers);
        for (int i = 0; i < buffers / 2; i++) {
            opened.chunk(i);
        }
        Awaitility.await().until(() -> opened.usedBuffers() < buffers / 2);
        assertThat(opened.marks().durable()).isPositive();
    }

    @Test
    @Tag("slow")
    void anEndlessStreamOfChunksNeedsNoWaiterToGoOn() {
        int chunks = 60;
        AtomicInteger appended = new AtomicInteger();
        Awaitility.await().until(() -> {
            while (appended.get() < chunks && opened.append(appended.get()) != 0) {
                opened.close(CloseReason.FLUSH);
                appended.incrementAndGet();
            }
            return appended.get() == chunks;
        });
        assertThat(opened.marks().durable()).isPositive();
    }

    @Test
    void anOverdueChunkIsClosedAndMadeDurable() throws Exception {
        opened.append(1);
        setInterval(1_000_000_000L);
        opened.tasks.advance(999_999_999L);
        setInterval(1_000_000_000L);
        assertThat(opened.locked(opened.log::open)).isNotNull();
        opened.tasks.advance(1);
        setInterval(1_000_000_000L);
        Awaitility.await().until(() -> opened.marks().durable() == 1);
        assertThat(header(0).reason()).isEqualTo(CloseReason.TIMER);
    }

    @Test
    void aWriteAfterAQuietWhileIsMadeDurableWhenOverdue() {
        setInterval(1_000_000L);
        Awaitility.await()
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(t -> t.getName().equals("wb-commit") && t.getState() == Thread.State.WAITING));
        opened.append(1);
        Awaitility.await().until(() -> {
            opened.tasks.advance(1_000_000L);
            return opened.marks().durable() == 1;
        });
    }

    @Test
    void aWrittenChunkThatNobodyWaitsForIsMadeDurableWhenOverdue() {
        opened.chunk(1);
        awaitWritten(1);
        opened.tasks.advance(2_000_000_000L);
        setInterval(1_000_000_000L);
        Awaitility.await().until(() -> opened.marks().durable() == 1);
    }

    private void setInterval(long ns) {
        opened.lock.lock();
        opened.log.setSyncInterval(ns);
        opened.lock.unlock();
    }

    @Test
    void chunksAreSizedToEndWithTheirSegment() throws Exception {
        opened.close();
        format(128).start();
        int buffers = opened.locked(opened.log::buffers);
        assertThat(buffers).isEqualTo(4);
        long block = 0;
        int chunks = 0;
        while (opened.locked(() -> opened.log.segments().maxId()) < 6) {
            // 32 blocks and a flush: 33 blocks of the log; the fourth of a segment has room for 28 only.
            long first = opened.append(block);
            for (int i = 1; i < 32; i++) {
                opened.append(block + i);
            }
            block += 32;
            chunks++;
            opened.log.awaitDurable(opened.close(CloseReason.FLUSH));
            assertThat(first).isPositive();
        }
        for (int slot = 0; slot < 5; slot++) {
            int used = opened.log.segments().usedBlocks(slot);
            assertThat(used).as("blocks used of segment %s", slot + 1).isGreaterThanOrEqualTo(127);
        }
        assertThat(chunks).isGreaterThan(15);
    }

    @Test
    void aLoneFlushedBlockCostsTwoBlocks() throws Exception {
        for (int i = 0; i < 40; i++) {
            opened.durableChunk(i);
        }
        assertThat(opened.locked(() -> opened.log.segments().maxId())).isEqualTo(5);
        assertThat(opened.locked(opened.log::bytesWritten)).isEqualTo(2 * 4096 + 40 * 8192L);
    }

    @Test
    void placesAreToldByPositionAndNumberOfDataBlocks() throws Exception {
        opened.durableChunk(1, 2, 3);
        opened.durableChunk(4);
        assertThat(opened.log.placeOf(1, 0)).isEqualTo(1 * 256 + 3);
        assertThat(opened.log.placeOf(2, 5)).isEqualTo(5 * 256 + 1);
        assertThat(opened.log.placeOf(3, 0)).isEqualTo(-1);
    }

    @Test
    void aRangeFillsNoDataBlock() throws Exception {
        opened.lock.lock();
        ChunkBuffer c = opened.log.openForClient();
        assertThat(c).isNotNull();
        opened.log.addRange(c, 5, 10_000, EntryKind.TRIM);
        opened.fill(c, 9);
        opened.lock.unlock();
        opened.log.awaitDurable(opened.close(CloseReason.FLUSH));
        reopenAfterPowerCut(call -> false);
        assertThat(opened.chunks).containsExactly("1@1.0 T5+10000 W9");
    }

    @Test
    void stoppingDoesNotWaitForWhatNobodyAskedFor() {
        opened.chunk(1);
        opened.append(2);
        opened.log.stop();
        assertThat(opened.marks().durable()).isLessThan(2);
    }

    @Test
    void stoppingLetsWhatWasAskedForBecomeDurable() {
        Gate sync = new Gate();
        cache.before = call -> {
            if (call.op() == Op.SYNC && !sync.isReached()) {
                sync.pass();
            }
        };
        opened.want(opened.chunk(1));
        sync.awaitArrival();
        opened.want(opened.chunk(2));
        CompletableFuture<Void> stopped = concurrently(() -> opened.log.stop());
        sync.open();
        stopped.join();
        assertThat(opened.marks().durable()).isEqualTo(2);
    }

    @Test
    void aKilledLogTellsItsWaiters() {
        Gate sync = new Gate();
        cache.before = call -> {
            if (call.op() == Op.SYNC) {
                sync.pass();
            }
        };
        CompletableFuture<Void> waiter = concurrently(() -> opened.log.awaitDurable(opened.chunk(1)));
        sync.awaitArrival();
        CompletableFuture<Void> killed = concurrently(() -> opened.log.kill());
        assertThat(waiter).failsWithin(30, TimeUnit.SECONDS);
        sync.open();
        killed.join();
        assertThat(opened.locked(() -> opened.log.hasClientRoom())).isFalse();
    }
}
