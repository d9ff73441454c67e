package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;
import static writeboost.engine.disk.Disk.StatusContext.ALLOCATION;
import static writeboost.engine.disk.Disk.StatusContext.CACHE_STATE;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.Disk.StatusContext;
import writeboost.engine.disk.DiskRequest.Op;
import writeboost.engine.log.Geometry;

/** What a client is told of the state of ranges. */
@Timeout(60)
class StatusReaderTest {
    private static final long SIZE = 64 * MIB + 1536;
    private static final int NOT_CACHED = 0;
    private static final int CLEAN = 1;
    private static final int DIRTY = 2;
    private static final int DATA = 0;
    private static final int ZERO = 2;
    private static final int HOLE = 3;

    private record Extent(long length, int state) {}

    private final TestPair pair;

    StatusReaderTest() throws Exception {
        pair = new TestPair(
                new MemoryDevice("cache", Geometry.minCacheBytes(128)),
                new MemoryDevice("backing", SIZE),
                128,
                new Settings(0, 32, 0, 0, 32));
    }

    @AfterEach
    void close() throws Exception {
        pair.close();
    }

    private List<Extent> status(StatusContext context, long offset, long length, int maxExtents) {
        List<Extent> extents = new ArrayList<>();
        pair.disk.status(context, offset, length, maxExtents, (l, s) -> extents.add(new Extent(l, s)));
        return extents;
    }

    private List<Extent> cacheState(long offset, long length) {
        return status(CACHE_STATE, offset, length, Integer.MAX_VALUE);
    }

    private static Extent extent(long blocks, int state) {
        return new Extent(blocks * BLOCK, state);
    }

    @Test
    void anEmptyCacheIsOneExtent() {
        assertThat(cacheState(0, SIZE)).containsExactly(new Extent(SIZE, NOT_CACHED));
        assertThat(status(ALLOCATION, 0, SIZE, 1)).containsExactly(new Extent(SIZE, DATA));
        assertThat(cacheState(12345, 1)).containsExactly(new Extent(1, NOT_CACHED));
        assertThat(cacheState(SIZE - 1, 1)).containsExactly(new Extent(1, NOT_CACHED));
    }

    @Test
    void whatIsDirtyIsToldInRamAndInTheLog() {
        pair.write(10 * BLOCK, random(1, 3 * BLOCK));
        List<Extent> expected = List.of(extent(10, NOT_CACHED), extent(3, DIRTY), extent(7, NOT_CACHED));
        assertThat(cacheState(0, 20 * BLOCK)).isEqualTo(expected);
        pair.flush();
        assertThat(cacheState(0, 20 * BLOCK)).isEqualTo(expected);
        assertThat(status(ALLOCATION, 0, 20 * BLOCK, 9)).containsExactly(extent(20, DATA));
    }

    @Test
    void whatWasWrittenBackOrStagedIsClean() throws Exception {
        pair.write(10 * BLOCK, random(1, 3 * BLOCK));
        pair.disk.flush(Progress.NONE);
        pair.read(13 * BLOCK, 2 * BLOCK);
        assertThat(cacheState(9 * BLOCK, 10 * BLOCK))
                .containsExactly(extent(1, NOT_CACHED), extent(5, CLEAN), extent(4, NOT_CACHED));
        pair.disk.drop(Progress.NONE);
        assertThat(cacheState(9 * BLOCK, 10 * BLOCK)).containsExactly(extent(10, NOT_CACHED));
    }

    @Test
    void aBlockOfWhichAPartIsDirtyIsDirty() throws Exception {
        pair.write(10 * BLOCK, random(1, BLOCK));
        pair.disk.flush(Progress.NONE);
        pair.write(10 * BLOCK + 77, random(2, 5));
        assertThat(cacheState(10 * BLOCK, BLOCK)).containsExactly(extent(1, DIRTY));
    }

    @Test
    void rangesAreHolesUntilTheyAreWrittenBack() throws Exception {
        pair.trim(MIB, MIB);
        pair.zero(2 * MIB, MIB);
        assertThat(status(ALLOCATION, 0, 4 * MIB, 99))
                .containsExactly(new Extent(MIB, DATA), new Extent(2 * MIB, HOLE), new Extent(MIB, DATA));
        assertThat(cacheState(0, 4 * MIB))
                .containsExactly(new Extent(MIB, NOT_CACHED), new Extent(2 * MIB, DIRTY), new Extent(MIB, NOT_CACHED));
        pair.write(MIB + 5 * BLOCK, random(1, BLOCK));
        assertThat(status(ALLOCATION, MIB, 8 * BLOCK, 99))
                .containsExactly(extent(5, HOLE), extent(1, DATA), extent(2, HOLE));
        pair.disk.flush(Progress.NONE);
        assertThat(status(ALLOCATION, 0, 4 * MIB, 99)).containsExactly(new Extent(4 * MIB, DATA));
        assertThat(cacheState(0, 4 * MIB))
                .containsExactly(
                        new Extent(MIB + 5 * BLOCK, NOT_CACHED),
                        extent(1, CLEAN),
                        new Extent(3 * MIB - 6 * BLOCK, NOT_CACHED));
    }

    @Test
    void zerosThatAreToStayAllocatedAreNoHole() {
        pair.start(Op.ZERO, MIB, MIB, new byte[0], r -> r.noHole = true).join();
        assertThat(status(ALLOCATION, 0, 3 * MIB, 99))
                .containsExactly(new Extent(MIB, DATA), new Extent(MIB, ZERO), new Extent(MIB, DATA));
    }

    @Test
    void aLostBlockIsNotCalledClean() throws Exception {
        byte[] data = random(1, BLOCK);
        pair.write(10 * BLOCK, data);
        pair.disk.sync();
        TestData.spoil(pair.cache, data);
        pair.disk.flush(Progress.NONE);
        assertThat(cacheState(10 * BLOCK, BLOCK)).containsExactly(extent(1, DIRTY));
    }

    @Test
    void anyByteMayBeTheFirstAndTheLast() {
        pair.write(10 * BLOCK, random(1, 3 * BLOCK));
        assertThat(cacheState(10 * BLOCK - 1, 3)).containsExactly(new Extent(1, NOT_CACHED), new Extent(2, DIRTY));
        assertThat(cacheState(13 * BLOCK - 5, 6)).containsExactly(new Extent(5, DIRTY), new Extent(1, NOT_CACHED));
        assertThat(cacheState(11 * BLOCK + 7, 100)).containsExactly(new Extent(100, DIRTY));
    }

    @Test
    void theLastBlockOfAnOddDiskIsToldToItsEnd() {
        pair.write(64 * MIB, random(1, 1536));
        assertThat(cacheState(64 * MIB - BLOCK, BLOCK + 1536))
                .containsExactly(extent(1, NOT_CACHED), new Extent(1536, DIRTY));
        assertThat(cacheState(64 * MIB + 1000, 536)).containsExactly(new Extent(536, DIRTY));
    }

    @Test
    void itStopsAtTheMostExtentsThatAreWanted() {
        for (int i = 0; i < 10; i++) {
            pair.write(2L * i * BLOCK, random(i, BLOCK));
        }
        List<Extent> all = cacheState(0, 20 * BLOCK);
        assertThat(all).hasSize(20);
        for (int max = 1; max <= 20; max++) {
            assertThat(status(CACHE_STATE, 0, 20 * BLOCK, max)).isEqualTo(all.subList(0, max));
        }
        assertThat(status(CACHE_STATE, 0, 20 * BLOCK, 100)).isEqualTo(all);
    }

    @Test
    void extentsGoOnOverThePiecesInWhichTheyAreLookedUp() {
        pair.write(15 * MIB, random(1, (int) (3 * MIB))); // pieces are of 16 MiB
        assertThat(cacheState(0, SIZE))
                .containsExactly(
                        new Extent(15 * MIB, NOT_CACHED),
                        new Extent(3 * MIB, DIRTY),
                        new Extent(SIZE - 18 * MIB, NOT_CACHED));
    }

    @Test
    void extentsAlwaysFillTheRangeAndNeighboursDiffer() throws Exception {
        Random random = new Random(4);
        for (int i = 0; i < 300; i++) {
            long block = random.nextInt(600);
            switch (random.nextInt(5)) {
                case 0 -> pair.zero(block * BLOCK, (1L + random.nextInt(20)) * BLOCK);
                case 1 -> pair.trim(block * BLOCK, (1L + random.nextInt(20)) * BLOCK);
                case 2 -> pair.read(block * BLOCK, BLOCK);
                default -> pair.write(block * BLOCK + random.nextInt(BLOCK), random(i, 1 + random.nextInt(9000)));
            }
            if (i == 150) {
                pair.disk.flush(Progress.NONE);
            }
        }
        for (int i = 0; i < 300; i++) {
            long offset = random.nextInt(700 * BLOCK);
            long length = 1L + random.nextInt(400 * BLOCK);
            for (StatusContext context : StatusContext.values()) {
                List<Extent> extents = status(context, offset, length, Integer.MAX_VALUE);
                assertThat(extents.stream().mapToLong(Extent::length).sum()).isEqualTo(length);
                for (int k = 1; k < extents.size(); k++) {
                    assertThat(extents.get(k).state).isNotEqualTo(extents.get(k - 1).state);
                }
                long at = offset;
                for (Extent e : extents) {
                    assertThat(status(context, at, 1, 1)).containsExactly(new Extent(1, e.state));
                    assertThat(status(context, at + e.length - 1, 1, 1)).containsExactly(new Extent(1, e.state));
                    at += e.length;
                }
            }
        }
    }
}
