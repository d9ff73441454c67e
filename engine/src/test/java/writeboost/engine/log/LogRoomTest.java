package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import writeboost.engine.device.DeviceException;
import writeboost.engine.log.TapeDevice.Op;

/** Room and buffers, and what is kept of them for whom. */
class LogRoomTest extends LogFixture {
    private static final int DATA_BLOCKS = LogImage.SEGMENT_BLOCKS - 1;

    /** Fills whole segments with durable chunks until clients get no more room. Returns the number of chunks. */
    private int fill() throws Exception {
        int chunks = 0;
        while (opened.append(chunks * 100L) != 0) {
            for (int i = 1; i < DATA_BLOCKS; i++) {
                opened.append(chunks * 100L + i);
            }
            opened.log.awaitDurable(opened.close(CloseReason.FLUSH));
            chunks++;
        }
        return chunks;
    }

    private int freeSegments() {
        return opened.locked(() -> opened.log.segments().freeSegments());
    }

    @Test
    void clientsStopAboveTheReserveAndWritebackMayStillAppend() throws Exception {
        int buffers = opened.locked(opened.log::buffers);
        int chunks = fill();
        assertThat(chunks).isGreaterThan(LogImage.SEGMENTS / 2);
        assertThat(freeSegments())
                .as("room for writing the whole pool again, and for what writeback logs")
                .isGreaterThanOrEqualTo(buffers + 2);
        assertThat(opened.locked(opened.log::hasClientRoom)).isFalse();
        assertThat(opened.locked(opened.log::clientSegmentsLeft)).isZero();
        assertThat(opened.locked(() -> opened.log.openForStaging() == null)).isTrue();

        opened.lock.lock();
        ChunkBuffer c = opened.log.openForWriteback();
        assertThat(c).isNotNull();
        opened.fill(c, 7);
        opened.lock.unlock();
        opened.log.awaitDurable(opened.close(CloseReason.WRITEBACK));
        assertThat(opened.seqHolding(7)).isEqualTo(chunks + 1);
    }

    @Test
    void stagingStopsBeforeClientsDo() throws Exception {
        long block = 0;
        while (opened.locked(() -> opened.log.openForStaging() != null)) {
            opened.append(block++);
            opened.log.awaitDurable(opened.close(CloseReason.FLUSH));
        }
        assertThat(opened.append(block)).isPositive();
    }

    @Test
    void roomIsFreeAgainOnlyWhenOldestHasPassedItsChunksDurably() throws Exception {
        int chunks = fill();
        int before = freeSegments();
        opened.log.checkpoint(chunks, 1, false);
        assertThat(freeSegments()).as("the tail alone frees nothing").isEqualTo(before);
        Gate second = new Gate();
        cache.before = call -> {
            if (call.op() == Op.WRITE && call.offsetBytes() == Geometry.checkpointByteOffset(3)) {
                second.pass();
            }
        };
        int generationSlots = slotsOfNextCheckpoint();
        CompletableFuture<Void> checkpoint = concurrently(() -> {
            if (generationSlots != 2) {
                opened.log.checkpoint(chunks, 1, false);
            }
            opened.log.checkpoint(chunks, 5, false);
        });
        second.awaitArrival();
        assertThat(freeSegments()).isEqualTo(before);
        second.open();
        checkpoint.join();
        assertThat(freeSegments()).isEqualTo(before + 4);
        assertThat(opened.locked(opened.log::hasClientRoom)).isTrue();
        assertThat(opened.append(1)).isPositive();
    }

    private int slotsOfNextCheckpoint() throws Exception {
        long newest = new LogScanner(cache, opened.replay.superblock())
                .readCheckpoints()
                .get(0)
                .generation();
        return 2 * (int) ((newest + 1) % 2);
    }

    @Test
    void whoWaitsForRoomIsWokenWhenThereIsSome() throws Exception {
        int chunks = fill();
        CompletableFuture<Void> waiter = concurrently(() -> {
            opened.lock.lock();
            while (!opened.log.hasClientRoom()) {
                opened.log.room().await();
            }
            opened.lock.unlock();
        });
        opened.log.checkpoint(chunks, 3, false);
        waiter.join();
    }

    @Test
    void theLogGoesRoundManyTimes() throws Exception {
        long newest = 0;
        for (int i = 1; i <= 400; i++) {
            opened.append(i % 7);
            for (int k = 0; k < i % 11; k++) {
                opened.append(1000 + k);
            }
            newest = opened.close(CloseReason.FLUSH);
            opened.log.awaitDurable(newest);
            if (i % 20 == 0) {
                opened.log.checkpoint(newest - 5, newest - 9, false);
            }
        }
        assertThat(opened.locked(() -> opened.log.segments().maxId())).isGreaterThan(3 * LogImage.SEGMENTS);
        reopenAfterPowerCut(call -> false);
        assertThat(opened.chunks).hasSize(10);
        assertThat(opened.marks()).isEqualTo(new Marks(newest, newest - 5, newest - 9));
        assertThat(opened.seqHolding(400 % 7)).isGreaterThanOrEqualTo(newest - 1);
    }

    @Test
    void theReserveSufficesForWritingTheWholePoolAgainSeveralTimes() throws Exception {
        int chunks = fill();
        // Give back just enough for clients to fill every buffer once more.
        opened.log.checkpoint(chunks, 1 + opened.locked(opened.log::buffers), false);
        AtomicInteger failures = new AtomicInteger();
        Gate poolFull = new Gate();
        cache.before = call -> {
            if (call.op() == Op.SYNC && failures.get() < 2) {
                if (failures.getAndIncrement() == 0) {
                    poolFull.pass();
                }
                throw new DeviceException(DeviceException.Kind.IO, "refused", null);
            }
        };
        long seq = 0;
        for (long next = opened.append(1); next != 0; next = opened.append(1)) {
            seq = opened.close(CloseReason.FLUSH);
        }
        assertThat(opened.usedBuffers()).isGreaterThanOrEqualTo(3);
        poolFull.open();
        opened.log.awaitDurable(seq);
        assertThat(failures).hasValue(2);
        assertThat(opened.broken()).isNull();
        long held = seq;
        Awaitility.await().until(() -> opened.seqHolding(1) == held);
    }

    @Test
    void writebackMayUseAllRoomButThatForWritingAgainWhatIsNotDurable() throws Exception {
        fill();
        AtomicInteger syncs = new AtomicInteger();
        cache.before = call -> {
            if (call.op() == Op.SYNC && syncs.getAndIncrement() % 2 == 0) {
                throw new DeviceException(DeviceException.Kind.IO, "refused", null);
            }
        };
        int segments = 0;
        while (appendForWriteback(segments)) {
            opened.log.awaitDurable(opened.close(CloseReason.WRITEBACK));
            segments++;
        }
        assertThat(freeSegments())
                .as("the last one may have gone for the sync that failed")
                .isLessThanOrEqualTo(1);
        assertThat(2 * segments).as("each took two").isGreaterThan(opened.locked(opened.log::buffers) + 2);
        assertThat(opened.broken()).isNull();
    }

    /** Fills a segment, if there is room. */
    private boolean appendForWriteback(int number) {
        return opened.locked(() -> {
            for (int i = 0; i < DATA_BLOCKS; i++) {
                ChunkBuffer c = opened.log.openForWriteback();
                if (c == null) {
                    return false;
                }
                opened.fill(c, number * 100L + i);
            }
            return true;
        });
    }

    @Test
    void aClientLeavesABufferToWriteback() {
        Gate write = new Gate();
        cache.before = call -> {
            if (isChunk(call)) {
                write.pass();
            }
        };
        int buffers = opened.locked(opened.log::buffers);
        int taken = 0;
        while (opened.append(taken) != 0) {
            opened.close(CloseReason.FLUSH);
            taken++;
        }
        assertThat(taken).isEqualTo(buffers - 1);
        assertThat(opened.locked(() -> opened.log.openForWriteback() != null)).isTrue();
        assertThat(opened.append(99)).as("an open chunk takes entries of all").isPositive();
        write.open();
    }
}
