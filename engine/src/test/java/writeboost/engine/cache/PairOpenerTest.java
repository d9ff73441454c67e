package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.DeviceIdentity;
import writeboost.engine.device.Fault;
import writeboost.engine.device.FaultDevice;
import writeboost.engine.device.ForwardingDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest.Op;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.Geometry;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/** Which pairs are refused, and which must not be. */
@Timeout(60)
class PairOpenerTest {
    private static final int SEGMENT_BLOCKS = 32;
    private static final long SIZE = 16 * MIB;

    private final Tasks tasks = new ThreadTasks((thread, e) -> {});
    private final MemoryDevice cache = new MemoryDevice("cache", Geometry.minCacheBytes(SEGMENT_BLOCKS));
    private final MemoryDevice backing = new MemoryDevice("backing", SIZE);
    private TestPair pair;

    @BeforeEach
    void format() throws Exception {
        TestData.fill(backing, 5);
        pair = new TestPair(cache, backing, SEGMENT_BLOCKS, TestPair.QUIET);
    }

    /** A device that says that it is another. */
    private static final class Claiming extends ForwardingDevice {
        private final DeviceIdentity identity;

        Claiming(BlockDevice inner, String stableName, String serial) {
            super(inner);
            identity = new DeviceIdentity("/dev/sdx", stableName, serial, inner.sizeBytes());
        }

        @Override
        public DeviceIdentity identity() {
            return identity;
        }

        @Override
        public void close() {}
    }

    private void refuses(BlockDevice cacheDevice, BlockDevice disk, ErrorCode code, String... sentences) {
        List<RecordingDevice> devices = List.of(new RecordingDevice(cacheDevice), new RecordingDevice(disk));
        assertThatThrownBy(() ->
                        CachedDisk.open(devices.get(0), devices.get(1), TestPair.QUIET, tasks, e -> {}, Progress.NONE))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(sentences);
        for (RecordingDevice d : devices) {
            assertThat(d.noted())
                    .as("what was done to %s", d.name())
                    .allMatch(io -> io.kind() == RecordingDevice.Kind.READ);
        }
    }

    private void reopens(BlockDevice disk) throws Exception {
        CachedDisk.open(new KeptOpenDevice(cache), disk, TestPair.QUIET, tasks, e -> {}, Progress.NONE)
                .stop();
    }

    // ---- which disk ----

    @Test
    void aDeviceThatIsNoCacheIsRefused() throws Exception {
        pair.close();
        refuses(new MemoryDevice("empty", MIB), backing, ErrorCode.NOT_A_CACHE, "empty holds no Writeboost cache");
    }

    @Test
    void backing4ADiskOfAnotherSizeIsRefused() throws Exception {
        pair.close();
        MemoryDevice other = new MemoryDevice("backing", SIZE + 512);
        refuses(cache, other, ErrorCode.FOREIGN, "" + SIZE, "" + (SIZE + 512), "Nothing was changed");
    }

    @Test
    void aDiskOfAnotherNameIsRefused() throws Exception {
        pair.close();
        MemoryDevice other = new MemoryDevice("other", SIZE);
        refuses(cache, other, ErrorCode.FOREIGN, "it is other", "is backing", "Nothing was changed");
    }

    private void formatFor(BlockDevice disk) throws Exception {
        pair.close();
        FormatOptions options = new FormatOptions(new UUID(1, 1), new UUID(2, 2), SEGMENT_BLOCKS, true);
        CachedDisk.format(cache, disk, options, tasks, Progress.NONE);
    }

    @Test
    void aDiskOfTheSameSerialNumberIsKnownByIt() throws Exception {
        formatFor(new Claiming(backing, "/dev/sdb", "S123"));
        reopens(new Claiming(backing, "/dev/sdc", "S123"));
    }

    @Test
    void backing4AnotherDiskThatGotTheNameOfOursIsRefused() throws Exception {
        formatFor(new Claiming(backing, "/dev/sdb", "S123"));
        refuses(cache, new Claiming(backing, "/dev/sdb", "S999"), ErrorCode.FOREIGN, "S999", "S123");
    }

    @Test
    void aDiskWithoutASerialNumberIsKnownByItsName() throws Exception {
        formatFor(new Claiming(backing, "/images/a", ""));
        reopens(new Claiming(backing, "/images/a", ""));
        refuses(cache, new Claiming(backing, "/images/b", ""), ErrorCode.FOREIGN, "/images/b");
    }

    @Test
    void aDiskWhoseSerialNumberCanNotBeReadThisTimeIsKnownByItsName() throws Exception {
        formatFor(new Claiming(backing, "/dev/disk/by-id/x", "S123"));
        reopens(new Claiming(backing, "/dev/disk/by-id/x", ""));
    }

    // ---- formatting ----

    @Test
    void aDeviceThatCarriesACacheIsFormattedOnlyByForce() throws Exception {
        pair.write(0, random(1, BLOCK));
        pair.close();
        RecordingDevice recorded = new RecordingDevice(cache);
        assertThatThrownBy(() -> CachedDisk.format(
                        recorded, backing, FormatOptions.of(new UUID(2, 3), false), tasks, Progress.NONE))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE))
                .hasMessageContaining("Nothing was changed");
        assertThat(recorded.noted()).allMatch(io -> io.kind() == RecordingDevice.Kind.READ);
        assertThat(CachedDisk.carriesCache(cache)).isTrue();
        assertThat(CachedDisk.carriesCache(new MemoryDevice("empty", MIB))).isFalse();
        formatFor(backing);
        pair.open(TestPair.QUIET);
        assertThat(pair.read(0, BLOCK)).as("what was in the cache is forgotten").isEqualTo(pair.backing(0, BLOCK));
        pair.close();
    }

    // ---- changed elsewhere ----

    private void changeElsewhere(long offset) throws Exception {
        TestData.put(backing, offset, random(offset + 99, 3 * BLOCK));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 8192, MIB - 3 * 4096, SIZE - MIB, SIZE - 3 * 4096})
    void aDiskThatWasChangedElsewhereIsRefusedWhileDataWaitsForIt(long offset) throws Exception {
        pair.write(6 * MIB, random(1, BLOCK));
        pair.close();
        changeElsewhere(offset);
        refuses(cache, backing, ErrorCode.CHANGED, "was changed without its cache", "3 blocks");
    }

    @Test
    void aDiskThatWasChangedElsewhereIsRefusedAfterACrashToo() throws Exception {
        pair.write(6 * MIB, random(1, BLOCK));
        pair.flush();
        pair.disk.kill();
        changeElsewhere(0);
        refuses(cache, backing, ErrorCode.CHANGED, "was changed without its cache");
    }

    /** Of such a block writeback knows only a part; a clean stop looks at all of it. */
    @Test
    void aChangeOfABlockThatWasWrittenInPartIsSeenAfterACleanStop() throws Exception {
        pair.write(512, random(1, 512));
        pair.disk.flush(Progress.NONE);
        pair.write(6 * MIB, random(2, BLOCK)); // waits
        pair.disk.stop();
        TestData.put(backing, 0, random(3, BLOCK));
        refuses(cache, backing, ErrorCode.CHANGED, "was changed without its cache", "1 blocks");
    }

    @Test
    void aDiskThatWasChangedElsewhereIsRefusedWhileARangeWaitsForIt() throws Exception {
        pair.zero(6 * MIB, MIB);
        pair.close();
        changeElsewhere(0);
        refuses(cache, backing, ErrorCode.CHANGED, "was changed without its cache");
    }

    @Test
    void aDiskThatWasChangedElsewhereIsRefusedWhileALossIsKnownOnlyHere() throws Exception {
        byte[] data = random(1, BLOCK);
        pair.write(6 * MIB, data);
        pair.disk.sync();
        TestData.spoil(cache, data);
        pair.disk.flush(Progress.NONE);
        assertThat(pair.disk.snapshot().damagedBlocks()).isEqualTo(1);
        pair.close();
        changeElsewhere(0);
        refuses(cache, backing, ErrorCode.CHANGED, "was changed without its cache");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void backing5AChangeInTheMiddleOfTheDiskIsSeenByTheBlocksThatWereCachedThere(boolean crash) throws Exception {
        pair.write(8 * MIB, random(1, 8 * BLOCK));
        pair.disk.flush(Progress.NONE);
        pair.write(6 * MIB, random(2, BLOCK));
        pair.flush();
        stop(crash);
        changeElsewhere(8 * MIB + 4 * BLOCK);
        refuses(cache, backing, ErrorCode.CHANGED, "was changed without its cache", "3 blocks");
    }

    @Test
    void backing5ABlockForWhichDataWaitsIsComparedToo() throws Exception {
        pair.write(8192, random(1, 3 * BLOCK));
        pair.flush();
        pair.disk.kill();
        changeElsewhere(8192);
        refuses(cache, backing, ErrorCode.CHANGED, "was changed without its cache", "3 blocks");
    }

    @Test
    void backing5ABlockForWhichDataWaitsAndThatWasMovedBeforeIsComparedToo() throws Exception {
        pair.write(8192, random(1, 3 * BLOCK));
        pair.disk.flush(Progress.NONE);
        pair.write(8192, random(2, 3 * BLOCK));
        pair.flush();
        pair.disk.kill();
        changeElsewhere(8192);
        refuses(cache, backing, ErrorCode.CHANGED, "was changed without its cache", "3 blocks");
    }

    @Test
    void backing5ABlockThatCannotBeReadIsNoChange() throws Exception {
        cacheCleanBlocks();
        FaultDevice disk = new FaultDevice(new KeptOpenDevice(backing), tasks);
        disk.add(Fault.error(DeviceException.Kind.IO).on(Fault.Operation.READ).at(6 * MIB, BLOCK));
        CachedDisk opened = CachedDisk.open(
                new KeptOpenDevice(cache), disk, TestPair.QUIET, tasks, pair.events::add, Progress.NONE);
        assertThat(opened.snapshot().cachedBlocks()).isEqualTo(16);
        assertThat(pair.events).extracting(EngineEvent::what).anyMatch(w -> w.contains("can't be read"));
        opened.kill();
    }

    private void cacheCleanBlocks() throws Exception {
        pair.write(4096, random(1, 8 * BLOCK));
        pair.write(6 * MIB, random(2, 8 * BLOCK));
        pair.disk.flush(Progress.NONE);
        pair.close();
    }

    @Test
    void ofADiskThatWasChangedElsewhereCleanBlocksAreForgotten() throws Exception {
        cacheCleanBlocks();
        changeElsewhere(8192);
        pair.open(TestPair.QUIET);
        assertThat(pair.disk.snapshot().cachedBlocks()).isZero();
        assertThat(pair.read(0, 16 * BLOCK)).isEqualTo(pair.backing(0, 16 * BLOCK));
        assertThat(pair.events).extracting(EngineEvent::what).anyMatch(w -> w.contains("changed without its cache"));
        pair.disk.kill();
        pair.open(TestPair.QUIET);
        assertThat(pair.disk.snapshot().cachedBlocks()).as("forgotten for good").isZero();
        pair.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChangeElsewhereThatWasAcceptedIsNoReasonToRefuseLater(boolean crash) throws Exception {
        cacheCleanBlocks();
        changeElsewhere(8192);
        pair.open(TestPair.QUIET);
        byte[] data = random(3, BLOCK);
        assertThat(pair.write(7 * MIB, data)).isEqualTo(DiskError.OK);
        pair.flush();
        stop(crash);
        pair.open(TestPair.QUIET);
        assertThat(pair.read(7 * MIB, BLOCK)).isEqualTo(data);
        pair.close();
        changeElsewhere(40960);
        refuses(cache, backing, ErrorCode.CHANGED, "was changed without its cache");
    }

    private void stop(boolean crash) throws Exception {
        if (crash) {
            pair.disk.kill();
        } else {
            pair.disk.stop();
        }
    }

    // ---- changed by us ----

    /** Writes of every kind to the first and the last MiB; the model says what the disk then holds. */
    private void writeEverywhere(byte[] model, int round) {
        List<long[]> writes = new ArrayList<>();
        for (long base : new long[] {0, SIZE - MIB}) {
            writes.add(new long[] {base, 5 * BLOCK});
            writes.add(new long[] {base + 20 * BLOCK + 512, 1024});
            writes.add(new long[] {base + 30 * BLOCK + 100, 300});
            writes.add(new long[] {base + MIB - 2 * BLOCK, 2 * BLOCK});
        }
        for (long[] w : writes) {
            byte[] data = random(round * 1000L + w[0], (int) w[1]);
            assertThat(pair.write(w[0], data)).isEqualTo(DiskError.OK);
            System.arraycopy(data, 0, model, (int) w[0], data.length);
        }
        long zeroAt = (50 + 3L * round) * BLOCK;
        assertThat(pair.zero(zeroAt, 6 * BLOCK)).isEqualTo(DiskError.OK);
        Arrays.fill(model, (int) zeroAt, (int) zeroAt + 6 * BLOCK, (byte) 0);
        assertThat(pair.run(Op.TRIM, (80 + 3L * round) * BLOCK, 3 * BLOCK, new byte[0], false))
                .isEqualTo(DiskError.OK);
        Arrays.fill(model, (80 + 3 * round) * BLOCK, (83 + 3 * round) * BLOCK, (byte) 0);
        if (round % 2 == 1) { // an entry over a range
            byte[] data = random(round, BLOCK);
            assertThat(pair.write(zeroAt + BLOCK, data)).isEqualTo(DiskError.OK);
            System.arraycopy(data, 0, model, (int) zeroAt + BLOCK, BLOCK);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ourOwnWritebackIsNoChangeElsewhere(boolean crash) throws Exception {
        byte[] model = pair.backing(0, (int) SIZE);
        for (int round = 0; round < 8; round++) {
            writeEverywhere(model, round);
            if (round % 3 != 0) {
                pair.disk.flush(Progress.NONE);
            } else {
                pair.flush();
            }
            if (round % 4 == 3) {
                writeEverywhere(model, 100 + round);
                pair.flush();
            }
            stop(crash);
            pair.open(TestPair.QUIET);
            assertThat(pair.read(0, (int) SIZE)).as("round %d", round).isEqualTo(model);
        }
        pair.close();
    }

    /** The cache device as it was when the first write to the disk began: what a power cut after that leaves at the least. */
    private final class AtFirstWrite extends ForwardingDevice {
        private byte[] cacheThen = new byte[0];

        AtFirstWrite() {
            super(backing);
        }

        private void look() throws IOException {
            if (cacheThen.length == 0) {
                cacheThen = TestPair.contentOf(cache, 0, (int) cache.sizeBytes());
            }
        }

        @Override
        public void write(long offsetBytes, ByteBuffer from) throws IOException {
            look();
            inner().write(offsetBytes, from);
        }

        @Override
        public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) throws IOException {
            look();
            inner().zero(offsetBytes, lengthBytes, mayUnmap);
        }

        @Override
        public void close() {}
    }

    /** Flushes; of what the cache device learns from the first write to the disk on, the power takes everything. */
    private void flushAndLosePower() throws Exception {
        pair.disk.kill();
        AtFirstWrite disk = new AtFirstWrite();
        CachedDisk flushed =
                CachedDisk.open(new KeptOpenDevice(cache), disk, TestPair.QUIET, tasks, e -> {}, Progress.NONE);
        flushed.flush(Progress.NONE);
        flushed.kill();
        TestData.put(cache, 0, disk.cacheThen);
    }

    @Test
    void aCrashBetweenTheWritesOfABatchAndItsCheckpointIsNoChangeElsewhere() throws Exception {
        byte[] model = pair.backing(0, (int) SIZE);
        for (int round = 0; round < 4; round++) {
            writeEverywhere(model, round);
            pair.flush();
            flushAndLosePower();
            pair.open(TestPair.QUIET);
            assertThat(pair.read(0, (int) SIZE)).as("round %d", round).isEqualTo(model);
        }
        pair.close();
    }

    @Test
    void backing7AWriteOfABatchThatPowerTookHalfWayIsNoChangeElsewhere() throws Exception {
        byte[] old = pair.backing(0, 16 * BLOCK);
        byte[] data = random(77, 16 * BLOCK);
        pair.write(0, data);
        pair.flush();
        flushAndLosePower();
        // Of block 3 three sectors came to the disk, of block 5 all but one, of the others none or all.
        byte[] torn = old.clone();
        System.arraycopy(data, 3 * BLOCK, torn, 3 * BLOCK, 1536);
        System.arraycopy(data, 5 * BLOCK + 512, torn, 5 * BLOCK + 512, BLOCK - 512);
        System.arraycopy(data, 7 * BLOCK, torn, 7 * BLOCK, 4 * BLOCK);
        TestData.put(backing, 0, torn);
        pair.open(TestPair.QUIET);
        assertThat(pair.read(0, 16 * BLOCK)).isEqualTo(data);
        pair.disk.flush(Progress.NONE);
        assertThat(pair.backing(0, 16 * BLOCK)).isEqualTo(data);
        pair.close();
    }

    @Test
    void aZeroingThatPowerTookHalfWayIsNoChangeElsewhere() throws Exception {
        byte[] old = pair.backing(0, 16 * BLOCK);
        pair.zero(0, 16 * BLOCK);
        pair.flush();
        flushAndLosePower();
        TestData.put(backing, 0, old);
        TestData.put(backing, 2 * BLOCK + 512, new byte[BLOCK]);
        pair.open(TestPair.QUIET);
        assertThat(pair.read(0, 16 * BLOCK)).containsOnly(0);
        pair.close();
    }

    @Test
    void aBlockOfWhichDataWaitsIsStillRecognisedIfItHoldsSomethingElse() throws Exception {
        pair.write(0, random(77, 4 * BLOCK));
        pair.close();
        changeElsewhere(0); // the same blocks, but neither the old nor the new content
        refuses(cache, backing, ErrorCode.CHANGED, "was changed without its cache");
    }
}
