package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.Fault;
import writeboost.engine.device.FaultDevice;
import writeboost.engine.device.ForwardingDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.device.ReturningDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest.Op;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.Geometry;
import writeboost.engine.nbd.HurriedTasks;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/** What users are told, and what happens, when a device goes, comes back, hangs or refuses. */
@Timeout(60)
class PairHealthTest {
    private static final int SIZE = (int) (16 * MIB);

    /** Patience of minutes is over in a moment. */
    private static final int HURRY = 50;

    private final Tasks tasks = new HurriedTasks(new ThreadTasks((thread, e) -> {}), HURRY);
    private final MemoryDevice cache = new MemoryDevice("ssd", Geometry.minCacheBytes(32));
    private final MemoryDevice medium = new MemoryDevice("disk", SIZE);
    private volatile Cable cable = new Cable(medium);
    private volatile boolean there = true;
    private TestPair pair;

    /** A disk that can be pulled out: at once, or at a write to come. */
    private static final class Cable extends ForwardingDevice {
        final AtomicInteger writesLeft = new AtomicInteger(Integer.MAX_VALUE);
        volatile CountDownLatch hangs = new CountDownLatch(0);

        Cable(BlockDevice inner) {
            super(inner);
        }

        private void check() throws IOException {
            try {
                hangs.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (writesLeft.get() <= 0) {
                throw new DeviceException(DeviceException.Kind.GONE, "the disk is gone", null);
            }
        }

        @Override
        public void read(long offsetBytes, ByteBuffer into) throws IOException {
            check();
            inner().read(offsetBytes, into);
        }

        @Override
        public void write(long offsetBytes, ByteBuffer from) throws IOException {
            check();
            if (writesLeft.decrementAndGet() <= 0) {
                check();
            }
            inner().write(offsetBytes, from);
        }

        @Override
        public void sync() throws IOException {
            check();
        }

        @Override
        public void close() {}
    }

    private BlockDevice reopen() throws IOException {
        if (!there) {
            throw new EngineException(ErrorCode.NOT_FOUND, "no such disk");
        }
        cable = new Cable(medium);
        return cable;
    }

    @BeforeEach
    void open() throws IOException {
        TestData.fill(medium, 5);
        pair = new TestPair(cache, new ReturningDevice(cable, this::reopen, tasks), 32, TestPair.QUIET, t -> tasks);
    }

    @AfterEach
    void close() throws IOException {
        pair.disk.kill();
    }

    private PairSnapshot now() {
        return pair.disk.snapshot();
    }

    private void pull(int afterWrites) {
        there = false;
        cable.writesLeft.set(afterWrites);
    }

    private CompletableFuture<Void> flushing() {
        return CompletableFuture.runAsync(() -> {
            try {
                pair.disk.flush(Progress.NONE);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void backing3ADiskPulledInTheMiddleOfMigrationComesBackAndHasEverythingAfterIt() throws Exception {
        byte[] expected = pair.backing(0, SIZE);
        for (int i = 0; i < 40; i++) {
            byte[] data = random(i, BLOCK);
            pair.write(i * 3L * BLOCK, data);
            System.arraycopy(data, 0, expected, i * 3 * BLOCK, BLOCK);
        }
        pair.flush();
        pull(11);
        CompletableFuture<Void> flush = flushing();
        await().until(() -> now().reason().contains("was unplugged"));
        assertThat(now().state()).isEqualTo(PairState.DIRTY);
        assertThat(pair.read(0, BLOCK)).as("a hit needs no disk").isEqualTo(random(0, BLOCK));
        assertThat(pair.write(9 * MIB, random(99, BLOCK))).isEqualTo(DiskError.OK);
        System.arraycopy(random(99, BLOCK), 0, expected, (int) (9 * MIB), BLOCK);
        CompletableFuture<DiskError> miss = pair.start(Op.READ, 12 * MIB, BLOCK, new byte[BLOCK], false);
        there = true;
        flush.join();
        assertThat(miss.join()).as("a miss has waited").isEqualTo(DiskError.OK);
        pair.disk.flush(Progress.NONE);
        assertThat(pair.backing(0, SIZE)).isEqualTo(expected);
        assertThat(now().reason()).isEmpty();
        assertThat(pair.events)
                .extracting(EngineEvent::what)
                .anyMatch(w -> w.contains("was unplugged"))
                .anyMatch(w -> w.contains("is back, and as it was left"));
    }

    @Test
    void backing5ADiskThatComesBackChangedIsNotWrittenTo() throws Exception {
        pair.write(5 * MIB, random(1, 8 * BLOCK));
        pair.flush();
        pull(0);
        CompletableFuture<DiskError> miss = pair.start(Op.READ, 12 * MIB, BLOCK, new byte[BLOCK], false);
        await().until(() -> now().reason().contains("was unplugged"));
        TestData.put(medium, 8192, random(77, BLOCK));
        byte[] changed = TestPair.contentOf(medium, 0, SIZE);
        there = true;
        assertThat(miss.join()).isEqualTo(DiskError.EIO);
        assertThat(now().state()).isEqualTo(PairState.HALTED);
        assertThat(now().reason()).contains("came back, but was changed while it was away (1 blocks");
        assertThat(pair.write(0, random(2, BLOCK))).isEqualTo(DiskError.EIO);
        assertThat(pair.read(5 * MIB, BLOCK)).isEqualTo(random(1, BLOCK));
        assertThatThrownBy(() -> pair.disk.flush(Progress.NONE)).isInstanceOf(IOException.class);
        assertThat(TestPair.contentOf(medium, 0, SIZE)).isEqualTo(changed);
        pair.disk.kill();
        assertThatThrownBy(() -> CachedDisk.open(cache, medium, TestPair.QUIET, tasks, e -> {}, Progress.NONE))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHANGED));
    }

    @Test
    void backing3ADiskThatStaysAwayHaltsThePairUntilItIsBack() throws Exception {
        byte[] data = random(1, 8 * BLOCK);
        pair.write(5 * MIB, data);
        pair.flush();
        pull(0);
        assertThat(pair.run(Op.READ, 12 * MIB, BLOCK, new byte[BLOCK], false)).isEqualTo(DiskError.EIO);
        await().until(() -> now().state() == PairState.HALTED);
        assertThat(now().reason()).isEqualTo("the disk is missing");
        assertThat(now().advice()).contains("goes on by itself");
        assertThat(pair.write(0, random(2, BLOCK))).isEqualTo(DiskError.EIO);
        assertThat(pair.read(5 * MIB, 8 * BLOCK)).as("hits are served").isEqualTo(data);
        there = true;
        await().until(() -> pair.run(Op.READ, 12 * MIB, BLOCK, new byte[BLOCK], false) == DiskError.OK);
        assertThat(now().state()).isEqualTo(PairState.DIRTY);
        assertThat(pair.write(0, random(2, BLOCK))).isEqualTo(DiskError.OK);
        pair.disk.flush(Progress.NONE);
        assertThat(pair.backing(5 * MIB, 8 * BLOCK)).isEqualTo(data);
    }

    @Test
    void cache7WritesThatFindNoRoomFailInTheEndIfTheDiskTakesNothing() throws Exception {
        pair.disk.kill();
        FaultDevice faulty = new FaultDevice(medium, tasks);
        MemoryDevice ssd = new MemoryDevice("ssd", cache.sizeBytes());
        pair = new TestPair(ssd, faulty, 32, TestPair.QUIET, t -> tasks);
        faulty.add(Fault.error(DeviceException.Kind.IO).on(Fault.Operation.WRITE, Fault.Operation.ZERO));
        List<CompletableFuture<DiskError>> writes = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            writes.add(pair.start(Op.WRITE, (long) i * BLOCK, BLOCK, random(i, BLOCK), false));
        }
        await().until(() -> now().parkedWrites() > 0);
        await().until(() -> now().reason().contains("The cache is full, and writes wait."));
        int done = 0;
        for (CompletableFuture<DiskError> w : writes) {
            DiskError end = w.get();
            assertThat(end).isIn(DiskError.OK, DiskError.ENOSPC);
            done += end == DiskError.OK ? 1 : 0;
        }
        assertThat(done).isBetween(100, 1999);
        faulty.clear();
        pair.disk.flush(Progress.NONE);
        assertThat(now().reason()).isEmpty();
        for (int i = 0; i < 2000; i++) {
            if (writes.get(i).join() == DiskError.OK) {
                assertThat(pair.backing((long) i * BLOCK, BLOCK)).isEqualTo(random(i, BLOCK));
            }
        }
    }

    @Test
    void client3ADeviceThatDoesNotAnswerIsTold() throws Exception {
        cable.hangs = new CountDownLatch(1);
        CompletableFuture<DiskError> miss = pair.start(Op.READ, 12 * MIB, BLOCK, new byte[BLOCK], false);
        await().atMost(Duration.ofSeconds(20)).until(() -> now().reason().contains("The disk has not answered for"));
        cable.hangs.countDown();
        assertThat(miss.join()).isEqualTo(DiskError.OK);
        assertThat(now().reason()).isEmpty();
    }

    @Test
    void cache4WhatIsDamagedIsTold() throws Exception {
        byte[] data = random(1, BLOCK);
        pair.write(5 * MIB, data);
        pair.disk.sync();
        TestData.spoil(cache, data);
        pair.disk.flush(Progress.NONE);
        assertThat(now().reason()).contains("1 block is damaged on the SSD; what was lost reads as an error");
    }

    /** Opens the pair anew, on a cache device that may vanish. */
    private FaultDevice onAnotherCacheDevice() throws Exception {
        pair.disk.kill();
        FaultDevice faulty = new FaultDevice(new MemoryDevice("ssd", cache.sizeBytes()), tasks);
        pair = new TestPair(faulty, medium, 32, TestPair.QUIET, t -> tasks);
        return faulty;
    }

    /** Nothing is lost without it; but writes need it, until somebody decides to go on without a cache. */
    @Test
    void cache6ACacheDeviceThatIsGoneWhileNothingWaitsLeavesAllReadableAndForgetsItsCopiesIfTheDiskWasUsedAlone()
            throws Exception {
        FaultDevice faulty = onAnotherCacheDevice();
        byte[] clean = random(1, 4 * BLOCK);
        pair.write(5 * MIB, clean);
        pair.disk.flush(Progress.NONE);
        faulty.add(Fault.error(DeviceException.Kind.GONE));
        assertThat(pair.read(5 * MIB, 4 * BLOCK)).isEqualTo(clean);
        assertThat(pair.read(9 * MIB, BLOCK)).isEqualTo(pair.backing(9 * MIB, BLOCK));
        pair.write(7 * MIB, random(3, BLOCK));
        assertThat(pair.flush()).isEqualTo(DiskError.EIO);
        assertThat(now().state()).isEqualTo(PairState.DEGRADED);
        pair.disk.kill();
        byte[] alone = random(4, 4 * BLOCK);
        TestData.put(medium, 5 * MIB, alone);
        faulty.clear();
        pair.open(TestPair.QUIET);
        assertThat(pair.read(5 * MIB, 4 * BLOCK)).isEqualTo(alone);
    }

    @Test
    void cache5ACacheDeviceThatIsGoneTakesNothingMoreAndGivesNothingOld() throws Exception {
        FaultDevice faulty = onAnotherCacheDevice();
        byte[] clean = random(1, 4 * BLOCK);
        byte[] dirty = random(2, 4 * BLOCK);
        pair.write(5 * MIB, clean);
        pair.disk.flush(Progress.NONE);
        pair.write(6 * MIB, dirty);
        pair.flush();
        faulty.add(Fault.error(DeviceException.Kind.GONE));
        assertThat(pair.read(5 * MIB, 4 * BLOCK)).as("the disk has it").isEqualTo(clean);
        assertThat(pair.run(Op.READ, 6 * MIB, BLOCK, new byte[BLOCK], false)).isEqualTo(DiskError.EIO);
        assertThat(pair.read(9 * MIB, BLOCK)).isEqualTo(pair.backing(9 * MIB, BLOCK));
        // If the checkpoint that an idle pair makes was refused before, the write is, and there is nothing to flush.
        assertThat(List.of(pair.write(7 * MIB, random(3, BLOCK)), pair.flush())).contains(DiskError.EIO);
        assertThat(now().state()).isEqualTo(PairState.DEGRADED);
        assertThat(now().reason()).contains("the cache device refuses ");
        assertThat(pair.write(7 * MIB, random(3, BLOCK))).isEqualTo(DiskError.EIO);
        pair.disk.kill();
        faulty.clear();
        pair.open(TestPair.QUIET);
        assertThat(pair.read(6 * MIB, 4 * BLOCK)).isEqualTo(dirty);
    }
}
