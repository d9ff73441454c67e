package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest.Op;
import writeboost.engine.log.Geometry;

/** TRIM and ZERO requests: their edges, their cap, what they cost. */
@Timeout(60)
class RangeRequestTest {
    private static final long SIZE = 64 * MIB + 1536;
    private static final byte[] DISK = random(123, (int) MIB);

    private final MemoryDevice cache = new MemoryDevice("cache", Geometry.minCacheBytes(128));
    private final TestPair pair;

    RangeRequestTest() throws Exception {
        MemoryDevice disk = new MemoryDevice("backing", SIZE);
        TestData.put(disk, 0, DISK);
        TestData.put(disk, 64 * MIB, random(9, 1536));
        pair = new TestPair(cache, disk, 128, TestPair.QUIET);
    }

    @AfterEach
    void close() throws Exception {
        pair.close();
    }

    private DiskError fastZero(long offset, long length) {
        return pair.start(Op.ZERO, offset, length, new byte[0], r -> r.fast = true)
                .join();
    }

    @ParameterizedTest
    @CsvSource({
        "0,4096",
        "0,1",
        "4095,2",
        "100,50",
        "512,512",
        "4096,8192",
        "5000,20000",
        "4000,4192",
        "4097,8190",
        "0,1048576",
        "1,1048575"
    })
    void zeroingClearsExactlyItsBytes(int offset, int length) throws Exception {
        byte[] expected = DISK.clone();
        Arrays.fill(expected, offset, offset + length, (byte) 0);
        assertThat(pair.zero(offset, length)).isEqualTo(DiskError.OK);
        assertThat(pair.read(0, (int) MIB)).isEqualTo(expected);
        pair.flush();
        pair.disk.kill();
        pair.open(TestPair.QUIET);
        assertThat(pair.read(0, (int) MIB)).isEqualTo(expected);
        pair.disk.flush(Progress.NONE);
        assertThat(pair.backing(0, (int) MIB)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0,4096", "0,1", "100,50", "4096,8192", "5000,20000", "4097,8190", "1,1048575"})
    void trimmingTouchesNothingOutsideItsWholeBlocks(int offset, int length) throws Exception {
        int first = (offset + BLOCK - 1) / BLOCK * BLOCK;
        int end = Math.max(first, (offset + length) / BLOCK * BLOCK);
        assertThat(pair.trim(offset, length)).isEqualTo(DiskError.OK);
        pair.flush();
        pair.disk.kill();
        pair.open(TestPair.QUIET);
        pair.disk.flush(Progress.NONE);
        byte[] got = pair.read(0, (int) MIB);
        assertThat(Arrays.copyOf(got, first)).isEqualTo(Arrays.copyOf(DISK, first));
        assertThat(Arrays.copyOfRange(got, end, (int) MIB)).isEqualTo(Arrays.copyOfRange(DISK, end, (int) MIB));
        assertThat(pair.backing(0, (int) MIB)).isEqualTo(got);
    }

    @Test
    void aWholeDiskIsOneEntry() throws Exception {
        assertThat(pair.trim(0, SIZE)).isEqualTo(DiskError.OK);
        assertThat(pair.disk.snapshot().dirtyRanges()).isEqualTo(1);
        assertThat(pair.disk.snapshot().dirtyBlocks()).isZero();
        assertThat(pair.read(0, (int) MIB)).containsOnly(0);
        assertThat(pair.read(64 * MIB, 1536))
                .as("less than a block: the hint is passed over")
                .isEqualTo(random(9, 1536));
        assertThat(pair.zero(0, SIZE)).isEqualTo(DiskError.OK);
        assertThat(pair.read(64 * MIB, 1536)).containsOnly(0);
        assertThat(pair.disk.snapshot().dirtyRanges()).isEqualTo(2);
        pair.flush();
        assertThat(pair.disk.snapshot().statistics().cacheBytesWritten()).isLessThan(20 * BLOCK);
        pair.disk.flush(Progress.NONE);
        assertThat(pair.backing(64 * MIB, 1536)).containsOnly(0);
    }

    @Test
    void aRangeWithFuaIsDurableWhenItEnds() throws Exception {
        pair.run(Op.ZERO, 0, 8 * BLOCK, new byte[0], true);
        pair.disk.kill();
        pair.open(TestPair.QUIET);
        assertThat(pair.read(0, 8 * BLOCK)).containsOnly(0);
        pair.run(Op.TRIM, 16 * BLOCK, 8 * BLOCK, new byte[0], true);
        pair.disk.kill();
        pair.open(TestPair.QUIET);
        assertThat(pair.disk.snapshot().dirtyRanges()).isEqualTo(2);
    }

    @Test
    void aFastZeroIsDoneWhileRangesHaveRoom() {
        assertThat(fastZero(0, MIB)).isEqualTo(DiskError.OK);
        assertThat(pair.read(0, (int) MIB)).containsOnly(0);
    }

    private int mostRanges() {
        return RangeSet.maxFor((int) pair.disk.snapshot().segments() * Geometry.SEGMENT_BLOCKS);
    }

    private void fillRanges() {
        List<CompletableFuture<DiskError>> trims = new ArrayList<>();
        for (int i = 0; i < mostRanges(); i++) {
            trims.add(pair.start(Op.TRIM, (2L * (i % 8000) + 256) * BLOCK, BLOCK, new byte[0], false));
        }
        for (CompletableFuture<DiskError> t : trims) {
            assertThat(t.join()).isEqualTo(DiskError.OK);
        }
        assertThat(pair.disk.snapshot().dirtyRanges()).isEqualTo(mostRanges());
    }

    @Test
    void aboveTheMostRangesTrimsArePassedOverAndZeroesBecomeBlocks() throws Exception {
        fillRanges();
        assertThat(pair.trim(0, MIB)).as("refused politely").isEqualTo(DiskError.OK);
        assertThat(pair.read(0, (int) MIB)).isEqualTo(DISK);
        assertThat(pair.zero(8 * BLOCK, 8 * BLOCK)).isEqualTo(DiskError.OK);
        byte[] expected = DISK.clone();
        Arrays.fill(expected, 8 * BLOCK, 16 * BLOCK, (byte) 0);
        assertThat(pair.read(0, (int) MIB)).isEqualTo(expected);
        assertThat(pair.disk.snapshot().dirtyRanges()).isEqualTo(mostRanges());
        assertThat(pair.disk.snapshot().dirtyBlocks()).isEqualTo(8);
        assertThat(fastZero(0, BLOCK)).isEqualTo(DiskError.ENOTSUP);
        assertThat(pair.read(0, BLOCK)).as("nothing was done").isEqualTo(Arrays.copyOf(DISK, BLOCK));
        pair.flush();
        pair.disk.kill();
        pair.open(TestPair.QUIET);
        assertThat(pair.read(0, (int) MIB)).isEqualTo(expected);
        pair.disk.flush(Progress.NONE);
        assertThat(pair.backing(0, (int) MIB)).isEqualTo(expected);
        assertThat(pair.disk.snapshot().dirtyRanges()).isZero();
        assertThat(pair.trim(0, MIB)).isEqualTo(DiskError.OK);
        assertThat(pair.disk.snapshot().dirtyRanges()).as("there is room again").isEqualTo(1);
    }

    @Test
    void mkfsTrimsTheWholeDiskAndOnlyWhatIsKnownStaysKnown() throws Exception {
        pair.trim(0, SIZE);
        pair.write(0, random(1, BLOCK));
        pair.disk.flush(Progress.NONE);
        assertThat(pair.disk.snapshot().cachedBlocks())
                .as("a dead range makes no block known")
                .isEqualTo(1);
        pair.disk.stop();
        pair.open(TestPair.QUIET);
        assertThat(pair.disk.snapshot().cachedBlocks()).isEqualTo(1);
        assertThat(pair.read(0, BLOCK)).isEqualTo(random(1, BLOCK));
    }

    @Test
    void requestsOfNoLengthDoNothing() {
        assertThat(pair.zero(0, 0)).isEqualTo(DiskError.OK);
        assertThat(pair.trim(0, 0)).isEqualTo(DiskError.OK);
        assertThat(pair.write(0, new byte[0])).isEqualTo(DiskError.OK);
        assertThat(pair.read(0, 0)).isEmpty();
        assertThat(pair.run(Op.PREFETCH, 0, MIB, new byte[0], false)).isEqualTo(DiskError.OK);
        assertThat(pair.disk.snapshot().headSeq()).isZero();
    }
}
