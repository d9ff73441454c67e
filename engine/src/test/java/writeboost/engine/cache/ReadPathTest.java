package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.SECTOR;
import static writeboost.engine.cache.TestData.random;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import writeboost.engine.cache.RecordingDevice.Io;
import writeboost.engine.cache.RecordingDevice.Kind;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.Fault;
import writeboost.engine.device.Fault.Operation;
import writeboost.engine.device.FaultDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest.Op;
import writeboost.engine.log.Geometry;
import writeboost.engine.task.ThreadTasks;

/** Where reads get their data, in how many device reads, and what they make of damage. */
@Timeout(60)
class ReadPathTest {
    private static final long SIZE = 32 * MIB;
    private static final byte[] DISK = random(123, (int) (8 * MIB));

    private final FaultDevice faults;
    private final FaultDevice cacheFaults;
    private final RecordingDevice backing;
    private final RecordingDevice cache;
    private final TestPair pair;

    ReadPathTest() throws Exception {
        ThreadTasks tasks = new ThreadTasks((thread, e) -> {});
        MemoryDevice disk = new MemoryDevice("backing", SIZE);
        TestData.put(disk, 0, DISK);
        faults = new FaultDevice(disk, tasks);
        backing = new RecordingDevice(faults);
        cacheFaults = new FaultDevice(new MemoryDevice("cache", Geometry.minCacheBytes(128)), tasks);
        cache = new RecordingDevice(cacheFaults);
        pair = new TestPair(cache, backing, 128, TestPair.QUIET);
        forget();
    }

    @AfterEach
    void close() throws Exception {
        faults.clear();
        cacheFaults.clear();
        backing.release();
        cache.release();
        pair.close();
    }

    private void forget() {
        backing.forget();
        cache.forget();
    }

    private static byte[] disk(long offset, int length) {
        return Arrays.copyOfRange(DISK, (int) offset, (int) offset + length);
    }

    private List<Io> diskReads() {
        return backing.noted(Kind.READ);
    }

    private List<Io> cacheReads() {
        return cache.noted(Kind.READ);
    }

    private DiskError readError(long offset, int length) {
        return pair.run(Op.READ, offset, length, new byte[length], false);
    }

    // ---- unsplit ----

    @Test
    void aMebibyteOfUnknownBlocksIsOneReadOfTheDisk() {
        assertThat(pair.read(MIB, (int) MIB)).isEqualTo(disk(MIB, (int) MIB));
        assertThat(diskReads()).containsExactly(new Io(Kind.READ, MIB, MIB));
        assertThat(cacheReads()).isEmpty();
    }

    @Test
    void aLargerReadIsTakenInMebibytes() {
        assertThat(pair.read(0, (int) (3 * MIB) + BLOCK)).isEqualTo(disk(0, (int) (3 * MIB) + BLOCK));
        assertThat(diskReads())
                .containsExactly(
                        new Io(Kind.READ, 0, MIB),
                        new Io(Kind.READ, MIB, MIB),
                        new Io(Kind.READ, 2 * MIB, MIB),
                        new Io(Kind.READ, 3 * MIB, BLOCK));
    }

    @Test
    void whatWasWrittenInOneGoIsFewReadsOfTheCacheDevice() {
        byte[] data = random(1, (int) MIB);
        pair.write(2 * MIB, data);
        pair.flush();
        forget();
        assertThat(pair.read(2 * MIB, (int) MIB)).isEqualTo(data);
        // 256 blocks lie in three segments: 127 + 127 + 2.
        assertThat(cacheReads()).extracting(Io::length).containsExactly(127L * BLOCK, 127L * BLOCK, 2L * BLOCK);
        assertThat(diskReads()).isEmpty();
    }

    @Test
    void whatIsInRamNeedsNoDevice() {
        byte[] data = random(1, 20 * BLOCK);
        pair.write(0, data);
        forget();
        assertThat(pair.read(0, data.length)).isEqualTo(data);
        assertThat(pair.read(5000, 3000)).isEqualTo(Arrays.copyOfRange(data, 5000, 8000));
        assertThat(diskReads()).isEmpty();
        assertThat(cacheReads()).isEmpty();
    }

    @Test
    void zerosNeedNoDevice() {
        pair.zero(0, 4 * MIB);
        pair.flush();
        forget();
        assertThat(pair.read(100, (int) (2 * MIB))).containsOnly(0);
        assertThat(diskReads()).isEmpty();
        assertThat(cacheReads()).isEmpty();
    }

    @Test
    void neighboursFromEachSourceAreReadTogether() {
        byte[] expected = disk(0, 64 * BLOCK);
        byte[] data = random(2, 16 * BLOCK);
        pair.write(16 * BLOCK, data);
        pair.flush();
        pair.zero(40 * BLOCK, 8 * BLOCK);
        pair.write(50 * BLOCK, Arrays.copyOf(data, 2 * BLOCK)); // stays in RAM
        System.arraycopy(data, 0, expected, 16 * BLOCK, data.length);
        Arrays.fill(expected, 40 * BLOCK, 48 * BLOCK, (byte) 0);
        System.arraycopy(data, 0, expected, 50 * BLOCK, 2 * BLOCK);
        forget();
        assertThat(pair.read(0, expected.length)).isEqualTo(expected);
        assertThat(diskReads())
                .containsExactly(
                        new Io(Kind.READ, 0, 16 * BLOCK),
                        new Io(Kind.READ, 32 * BLOCK, 8 * BLOCK),
                        new Io(Kind.READ, 48 * BLOCK, 2 * BLOCK),
                        new Io(Kind.READ, 52 * BLOCK, 12 * BLOCK));
        assertThat(cacheReads()).extracting(Io::length).containsExactly(16L * BLOCK);
    }

    @ParameterizedTest
    @CsvSource({"0,1", "511,2", "4095,2", "100,5000", "4096,4096", "1048575,2", "1000,1048576", "77777,2500000"})
    void anyBytesMayBeAskedFor(long offset, int length) {
        byte[] expected = disk(0, (int) (4 * MIB));
        for (int i = 0; i < 20; i++) {
            byte[] data = random(i, 700 + 3000 * i);
            int at = 150_001 * i + i;
            pair.write(at, data);
            System.arraycopy(data, 0, expected, at, data.length);
            if (i % 2 == 0) {
                pair.flush();
            }
        }
        assertThat(pair.read(offset, length))
                .isEqualTo(Arrays.copyOfRange(expected, (int) offset, (int) offset + length));
    }

    @Test
    void aBlockOfWhichAPartIsKnownIsPutTogether() {
        pair.write(8 * BLOCK + SECTOR, random(1, 2 * SECTOR));
        byte[] expected = disk(8 * BLOCK, BLOCK);
        System.arraycopy(random(1, 2 * SECTOR), 0, expected, SECTOR, 2 * SECTOR);
        assertThat(pair.read(8 * BLOCK, BLOCK)).as("from RAM").isEqualTo(expected);
        pair.flush();
        assertThat(pair.read(8 * BLOCK, BLOCK)).as("from the cache device").isEqualTo(expected);
        assertThat(pair.read(8 * BLOCK + 300, 900)).isEqualTo(Arrays.copyOfRange(expected, 300, 1200));
    }

    @Test
    void theEndOfADiskOfOddSizeIsRead() throws Exception {
        MemoryDevice odd = new MemoryDevice("odd", MIB + 2560);
        TestData.put(odd, 0, disk(0, (int) MIB));
        TestData.put(odd, MIB, disk(MIB, 2560));
        try (TestPair p =
                new TestPair(new MemoryDevice("small", Geometry.minCacheBytes(32)), odd, 32, TestPair.QUIET)) {
            assertThat(p.disk.sizeBytes()).isEqualTo(MIB + 2560);
            assertThat(p.read(MIB - BLOCK, BLOCK + 2560)).isEqualTo(disk(MIB - BLOCK, BLOCK + 2560));
            p.write(MIB + 1000, random(3, 1560));
            p.flush();
            assertThat(p.read(MIB + 990, 1570)).startsWith(disk(MIB + 990, 10)).endsWith(random(3, 1560));
        }
    }

    // ---- errors and damage ----

    private static final Fault ERROR = Fault.error(DeviceException.Kind.IO).on(Operation.READ);

    @Test
    void backing1AnErrorOfTheDiskIsTheClientsAndNothingIsCached() {
        pair.disk.settings(new Settings(0, 32, 0, 0, 32));
        faults.add(ERROR.at(3 * BLOCK, BLOCK));
        assertThat(readError(3 * BLOCK, BLOCK)).isEqualTo(DiskError.EIO);
        assertThat(readError(0, 8 * BLOCK)).isEqualTo(DiskError.EIO);
        assertThat(pair.read(4 * BLOCK, BLOCK)).isEqualTo(disk(4 * BLOCK, BLOCK));
        faults.clear();
        assertThat(pair.read(3 * BLOCK, BLOCK)).isEqualTo(disk(3 * BLOCK, BLOCK));
    }

    @Test
    void cache3ADamagedCleanBlockIsServedFromTheDiskAndStaysKnown() throws Exception {
        byte[] data = random(1, 8 * BLOCK);
        pair.write(0, data);
        pair.disk.flush(Progress.NONE);
        TestData.spoil(cache, Arrays.copyOfRange(data, 2 * BLOCK, 3 * BLOCK));
        forget();
        assertThat(pair.read(0, 8 * BLOCK)).isEqualTo(data);
        assertThat(diskReads()).containsExactly(new Io(Kind.READ, 2 * BLOCK, BLOCK));
        assertThat(pair.disk.snapshot().cachedBlocks()).isEqualTo(8);
        assertThat(pair.disk.snapshot().damagedBlocks()).isEqualTo(1);
        assertThat(pair.disk.snapshot().statistics().errors()).isEqualTo(1);
        forget();
        assertThat(pair.read(2 * BLOCK, BLOCK)).isEqualTo(Arrays.copyOfRange(data, 2 * BLOCK, 3 * BLOCK));
        assertThat(cacheReads()).as("it is known to be unreadable").isEmpty();
        pair.write(2 * BLOCK, Arrays.copyOf(data, BLOCK));
        assertThat(pair.disk.snapshot().damagedBlocks()).isZero();
    }

    @Test
    void cache4ADamagedDirtyBlockIsAnErrorForExactlyItsSectors() throws Exception {
        byte[] data = random(1, 2 * SECTOR);
        pair.write(2 * BLOCK + SECTOR, data);
        pair.write(3 * BLOCK, random(2, BLOCK));
        pair.disk.sync();
        TestData.spoil(cache, TestData.asBlock(data, SECTOR));
        assertThat(readError(2 * BLOCK, BLOCK)).isEqualTo(DiskError.EIO);
        assertThat(readError(2 * BLOCK + 2 * SECTOR, 1)).isEqualTo(DiskError.EIO);
        assertThat(readError(0, 4 * BLOCK)).isEqualTo(DiskError.EIO);
        assertThat(pair.read(2 * BLOCK, SECTOR)).isEqualTo(disk(2 * BLOCK, SECTOR));
        assertThat(pair.read(2 * BLOCK + 3 * SECTOR, 5 * SECTOR)).isEqualTo(disk(2 * BLOCK + 3 * SECTOR, 5 * SECTOR));
        assertThat(pair.read(3 * BLOCK, BLOCK)).isEqualTo(random(2, BLOCK));
        assertThat(pair.disk.snapshot().damagedBlocks()).isEqualTo(1);
    }

    @Test
    void aPassingErrorOfTheCacheDeviceIsNoDamage() throws Exception {
        byte[] data = random(1, 8 * BLOCK);
        pair.write(0, data);
        pair.disk.sync();
        cacheFaults.add(ERROR.times(3));
        assertThat(pair.read(0, 8 * BLOCK)).isEqualTo(data);
        assertThat(pair.disk.snapshot().damagedBlocks()).isZero();
    }

    @Test
    void cache12ASectorThatTheCacheDeviceCanNotReadHurtsOneBlockOnly() throws Exception {
        byte[] data = random(1, 8 * BLOCK);
        pair.write(0, data);
        pair.disk.flush(Progress.NONE);
        long at = TestData.find(cache, Arrays.copyOfRange(data, 5 * BLOCK, 6 * BLOCK));
        cacheFaults.add(ERROR.at(at + 1024, SECTOR));
        assertThat(pair.read(0, 8 * BLOCK)).isEqualTo(data);
        assertThat(pair.disk.snapshot().damagedBlocks()).isEqualTo(1);
    }

    @Test
    void aPartialWriteOverADamagedDirtyBlockFailsAndChangesNothing() throws Exception {
        byte[] data = random(1, BLOCK);
        pair.write(BLOCK, data);
        pair.disk.sync();
        TestData.spoil(cache, data);
        assertThat(pair.write(BLOCK + SECTOR, random(2, SECTOR))).isEqualTo(DiskError.EIO);
        assertThat(pair.write(BLOCK + 10, random(2, 10))).isEqualTo(DiskError.EIO);
        assertThat(readError(BLOCK, BLOCK)).isEqualTo(DiskError.EIO);
        assertThat(pair.write(BLOCK, random(3, BLOCK))).isEqualTo(DiskError.OK);
        assertThat(pair.read(BLOCK, BLOCK)).isEqualTo(random(3, BLOCK));
    }

    // ---- what changes while it is read ----

    @Test
    void cache15AReaderLooksAgainWhenTheRoomWasUsedForOtherDataMeanwhile() throws Exception {
        byte[] data = random(1, 4 * BLOCK);
        pair.write(0, data);
        pair.disk.flush(Progress.NONE);
        cache.hold(Kind.READ);
        byte[] got = new byte[4 * BLOCK];
        CompletableFuture<DiskError> read = pair.start(Op.READ, 0, got.length, got, false);
        cache.awaitWaiting(1);
        // The same room gets other data of other blocks: overwritten behind its back, as after a lap of the log.
        pair.disk.drop(Progress.NONE);
        long at =
                TestData.find(pair.cache instanceof RecordingDevice ? cacheFaults : cache, Arrays.copyOf(data, BLOCK));
        TestData.put(cacheFaults, at, random(9, 4 * BLOCK));
        cache.release();
        assertThat(read.join()).isEqualTo(DiskError.OK);
        assertThat(got).isEqualTo(data);
        assertThat(pair.disk.snapshot().damagedBlocks()).isZero();
    }

    @Test
    void client5AReaderOfAPartThatIsOverwrittenMeanwhileGetsOldOrNewSectors() throws Exception {
        byte[] part = random(1, SECTOR);
        pair.write(BLOCK, part);
        backing.hold(Kind.READ);
        byte[] got = new byte[BLOCK];
        CompletableFuture<DiskError> read = pair.start(Op.READ, BLOCK, BLOCK, got, false);
        backing.awaitWaiting(1);
        byte[] whole = random(2, BLOCK);
        pair.write(BLOCK, whole);
        backing.release();
        assertThat(read.join()).isEqualTo(DiskError.OK);
        byte[] old = disk(BLOCK, BLOCK);
        System.arraycopy(part, 0, old, 0, SECTOR);
        for (int s = 0; s < BLOCK; s += SECTOR) {
            assertThat(Arrays.copyOfRange(got, s, s + SECTOR))
                    .isIn(Arrays.copyOfRange(old, s, s + SECTOR), Arrays.copyOfRange(whole, s, s + SECTOR));
        }
        assertThat(pair.read(BLOCK, BLOCK)).isEqualTo(whole);
    }

    @Test
    void aSlowPartialWriteMergesWhatCameMeanwhile() throws Exception {
        backing.hold(Kind.READ);
        byte[] expected = disk(BLOCK, BLOCK);
        byte[] few = random(1, 100);
        CompletableFuture<DiskError> slow = pair.start(Op.WRITE, BLOCK + 10, 100, few, false);
        backing.awaitWaiting(1);
        byte[] meanwhile = random(2, 2 * SECTOR);
        pair.write(BLOCK, meanwhile); // covers the sector of the slow one, which comes later
        backing.release();
        assertThat(slow.join()).isEqualTo(DiskError.OK);
        System.arraycopy(meanwhile, 0, expected, 0, meanwhile.length);
        System.arraycopy(few, 0, expected, 10, few.length);
        assertThat(pair.read(BLOCK, BLOCK)).isEqualTo(expected);
    }

    @Test
    void backing9HitsDoNotWaitBehindASlowDisk() throws Exception {
        byte[] data = random(1, 8 * BLOCK);
        pair.write(0, data);
        pair.flush();
        backing.hold(Kind.READ);
        CompletableFuture<?>[] misses = new CompletableFuture<?>[20];
        for (int i = 0; i < misses.length; i++) {
            misses[i] = pair.start(Op.READ, 4 * MIB + i * MIB / 8, BLOCK, new byte[BLOCK], false);
        }
        assertThat(pair.read(0, 8 * BLOCK)).isEqualTo(data);
        assertThat(pair.write(BLOCK, random(2, BLOCK))).isEqualTo(DiskError.OK);
        assertThat(pair.flush()).isEqualTo(DiskError.OK);
        assertThat(misses[0]).isNotDone();
        backing.release();
        CompletableFuture.allOf(misses).join();
    }
}
