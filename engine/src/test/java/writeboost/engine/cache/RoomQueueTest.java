package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.cache.RecordingDevice.Kind;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest.Op;
import writeboost.engine.log.Geometry;

/** What happens when the log is full, and while it is. */
@Timeout(60)
class RoomQueueTest {
    private static final int SEGMENT_BLOCKS = 32;
    /** More blocks than the log has. */
    private static final int MANY = 40 * 32;

    private final RecordingDevice backing = new RecordingDevice(new MemoryDevice("backing", 64 * MIB));
    private final TestPair pair;
    private final List<CompletableFuture<DiskError>> writes = new ArrayList<>();
    private final List<Integer> order = new CopyOnWriteArrayList<>();

    RoomQueueTest() throws Exception {
        pair = new TestPair(
                new MemoryDevice("cache", Geometry.minCacheBytes(SEGMENT_BLOCKS)),
                backing,
                SEGMENT_BLOCKS,
                TestPair.QUIET);
    }

    @AfterEach
    void close() throws Exception {
        backing.release();
        pair.close();
    }

    private static byte[] block(long address) {
        return random(address, BLOCK);
    }

    private void start(Op op, long offset, long length, byte[] data) {
        int number = writes.size();
        writes.add(pair.start(op, offset, length, data, false).thenApply(error -> {
            order.add(number);
            return error;
        }));
    }

    /** Fills the log while the disk takes nothing, until no write gets any further; returns the number of those that did. */
    private int fill() throws Exception {
        backing.hold(Kind.WRITE);
        for (int i = 0; i < MANY; i++) {
            start(Op.WRITE, (long) i * BLOCK, BLOCK, block(i));
        }
        backing.awaitWaiting(1);
        int[] last = {-1};
        await().until(() -> {
            int before = last[0];
            last[0] = order.size();
            return before == last[0] && pair.disk.snapshot().parkedWrites() == MANY - last[0];
        });
        assertThat(last[0]).isGreaterThan(20 * 31).isLessThan(MANY);
        return last[0];
    }

    private void allEndWell() {
        for (CompletableFuture<DiskError> w : writes) {
            assertThat(w.join()).isEqualTo(DiskError.OK);
        }
    }

    @Test
    void aFullLogFailsNoWriteAndParkedOnesEndInTheirOrder() throws Exception {
        int done = fill();
        assertThat(pair.disk.snapshot().parkedWrites()).isEqualTo(MANY - done);
        backing.release();
        allEndWell();
        assertThat(order).hasSize(MANY);
        assertThat(order).isSorted();
        for (int i = 0; i < MANY; i++) {
            assertThat(pair.read((long) i * BLOCK, BLOCK)).isEqualTo(block(i));
        }
        assertThat(pair.disk.snapshot().parkedWrites()).isZero();
    }

    @Test
    void readsAndHitsGoOnWhileWritesWaitForRoom() throws Exception {
        fill();
        for (int i = 0; i < 100; i++) {
            assertThat(pair.read((long) i * BLOCK, BLOCK)).isEqualTo(block(i));
        }
        assertThat(pair.read(40 * MIB, BLOCK)).as("a miss").containsOnly(0);
        assertThat(pair.disk.snapshot().parkedWrites()).isPositive();
        backing.release();
        allEndWell();
    }

    @Test
    void aFlushOfWhatWasAcknowledgedDoesNotWaitForParkedWrites() throws Exception {
        fill();
        assertThat(pair.flush()).isEqualTo(DiskError.OK);
        assertThat(pair.disk.snapshot().parkedWrites()).isPositive();
        backing.release();
        allEndWell();
    }

    @Test
    void aLargeWriteThatFindsRoomForAPartGoesOnWithTheRest() throws Exception {
        backing.hold(Kind.WRITE);
        byte[] large = random(1, (int) (8 * MIB));
        start(Op.WRITE, 4096, large.length, large);
        backing.awaitWaiting(1);
        await().until(() -> pair.disk.snapshot().parkedWrites() == 1);
        assertThat(writes.get(0)).isNotDone();
        backing.release();
        allEndWell();
        assertThat(pair.read(4096, large.length)).isEqualTo(large);
    }

    @Test
    void trimsZeroesAndPartialWritesAreParkedToo() throws Exception {
        int done = fill();
        start(Op.ZERO, 0, 8 * BLOCK, new byte[0]);
        start(Op.TRIM, 10 * BLOCK, 8 * BLOCK, new byte[0]);
        start(Op.WRITE, 20 * BLOCK + 512, 512, random(5, 512));
        assertThat(pair.disk.snapshot().parkedWrites()).isEqualTo(MANY - done + 3);
        backing.release();
        allEndWell();
        assertThat(order).isSorted();
        assertThat(pair.read(0, 8 * BLOCK)).containsOnly(0);
        assertThat(pair.read(20 * BLOCK + 512, 512)).isEqualTo(random(5, 512));
    }

    @Test
    void aParkedWriteOfAFewBytesIsNotOvertakenThoughItNeedsASlowRead() throws Exception {
        fill();
        int bytes = writes.size();
        start(Op.WRITE, 50 * MIB + 100, 50, random(6, 50)); // the rest of the sector is on the disk
        for (int i = 0; i < 200; i++) {
            start(Op.WRITE, 32 * MIB + (long) i * BLOCK, BLOCK, block(i));
        }
        backing.release();
        allEndWell();
        assertThat(order.indexOf(bytes)).isEqualTo(bytes);
        assertThat(pair.read(50 * MIB + 100, 50)).isEqualTo(random(6, 50));
    }

    @Test
    void aParkedWriteWhoseSlowReadFailsEndsWithAnErrorAndTheOthersGoOn() throws Exception {
        pair.write(0, block(0));
        pair.disk.sync();
        TestData.spoil(pair.cache, block(0));
        backing.hold(Kind.WRITE);
        for (int i = 1; i < MANY; i++) {
            start(Op.WRITE, (long) i * BLOCK, BLOCK, block(i));
        }
        backing.awaitWaiting(1);
        await().until(() -> pair.disk.snapshot().parkedWrites() > 0);
        CompletableFuture<DiskError> damaged = pair.start(Op.WRITE, 100, 50, random(6, 50), false);
        start(Op.WRITE, 32 * MIB, BLOCK, block(7));
        backing.release();
        allEndWell();
        assertThat(damaged.join()).isEqualTo(DiskError.EIO);
    }

    @Test
    void aStopFailsWhatIsParked() throws Exception {
        int done = fill();
        CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> {
            try {
                pair.disk.stop();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        writes.get(MANY - 1).join();
        backing.release();
        stop.join();
        for (int i = 0; i < MANY; i++) {
            if (i < done) {
                assertThat(writes.get(i).join()).isEqualTo(DiskError.OK);
            } else {
                assertThat(writes.get(i).join()).isIn(DiskError.OK, DiskError.ESHUTDOWN);
            }
        }
        assertThat(writes.get(MANY - 1).join()).isEqualTo(DiskError.ESHUTDOWN);
        pair.open(TestPair.QUIET);
        for (int i = 0; i < done; i++) {
            assertThat(pair.read((long) i * BLOCK, BLOCK)).isEqualTo(block(i));
        }
    }

    @Test
    void aRequestAfterAStopIsRefused() throws Exception {
        pair.disk.stop();
        assertThat(pair.write(0, block(0))).isEqualTo(DiskError.ESHUTDOWN);
        assertThat(pair.run(Op.READ, 0, BLOCK, new byte[BLOCK], false)).isEqualTo(DiskError.ESHUTDOWN);
        assertThat(pair.flush()).isEqualTo(DiskError.ESHUTDOWN);
        pair.disk.stop(); // once more does nothing
        assertThat(pair.disk.snapshot().state()).isEqualTo(PairState.STOPPED);
    }
}
