package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static writeboost.engine.cache.TestData.MIB;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.log.ChunkBuffer;
import writeboost.engine.log.EntryKind;
import writeboost.engine.log.EntryTables;
import writeboost.engine.log.Geometry;
import writeboost.engine.log.Log;
import writeboost.engine.log.LogListener;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

@Timeout(60)
class BlockIndexTest {
    /** The multiplier of the index's hash: tests that want blocks of one place in the table compute it too. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final Tasks tasks = new ThreadTasks((thread, e) -> {});

    /** A log that is not started. */
    private Log log(long cacheBytes, int segmentBlocks) throws Exception {
        MemoryDevice cache = new MemoryDevice("cache", cacheBytes);
        MemoryDevice backing = new MemoryDevice("backing", 4 * MIB);
        FormatOptions options = new FormatOptions(new UUID(1, 1), new UUID(2, 2), segmentBlocks, false);
        CachedDisk.format(cache, backing, options, tasks, Progress.NONE);
        Monitor lock = tasks.newMonitor("test");
        return new PairOpener(cache, backing).read(Progress.NONE, tasks, lock, LogListener.NONE);
    }

    private static BlockIndex index(Log log) {
        int segmentBlocks = log.segments().segmentBlocks();
        return new BlockIndex(log, log.segments().capacitySegments() * segmentBlocks, segmentBlocks);
    }

    @Test
    void anIdTellsWhetherItsEntryIsInRam() throws Exception {
        Log log = log(Geometry.minCacheBytes(8), 8);
        BlockIndex index = index(log);
        assertThat(BlockIndex.idOfPosition(0)).isEqualTo(1);
        assertThat(BlockIndex.positionOf(BlockIndex.idOfPosition(77))).isEqualTo(77);
        ChunkBuffer c = log.openForClient();
        assertThat(c).isNotNull();
        if (c != null) {
            int data = log.addBlock(c, 4711, EntryKind.STAGED, 0x0F, 0x03, 99);
            int id = index.idOfRam(c, data);
            assertThat(id).isNegative();
            assertThat(index.bufferOf(id)).isSameAs(c);
            assertThat(index.dataOf(id)).isEqualTo(data);
            assertThat(index.addressOf(id)).isEqualTo(4711);
            assertThat(index.kindOf(id)).isEqualTo(EntryKind.STAGED);
            assertThat(index.validOf(id)).isEqualTo(0x0F);
            assertThat(index.dirtyOf(id)).isEqualTo(0x03);
            assertThat(index.seqOf(id)).isEqualTo(c.seq());
            assertThat(index.dataIndexOf(id)).isEqualTo(data);
            assertThat(index.isBad(id)).isFalse();
        }
    }

    @Test
    void everyBlockOfEveryBufferHasAnIdOfItsOwn() throws Exception {
        Log log = log(Geometry.minCacheBytes(8), 8);
        BlockIndex index = index(log);
        List<Integer> ids = new ArrayList<>();
        for (int b = 0; b < log.buffers(); b++) {
            for (int data = 0; data < 7; data++) {
                int id = index.idOfRam(log.buffer(b), data);
                assertThat(index.bufferOf(id)).isSameAs(log.buffer(b));
                assertThat(index.dataOf(id)).isEqualTo(data);
                ids.add(id);
            }
        }
        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id < 0 && id != CacheState.ZERO);
    }

    /** Blocks that all want the same last places of the table, so that their cluster goes on at its beginning. */
    private static List<Long> crowded(int count) {
        List<Long> addresses = new ArrayList<>();
        for (long a = 0; addresses.size() < count; a++) {
            if ((a * GOLDEN) >>> 32 > 0xFE000000L) {
                addresses.add(a);
            }
        }
        return addresses;
    }

    private static List<Long> scattered(int count, long seed) {
        Random random = new Random(seed);
        List<Long> addresses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            addresses.add(random.nextLong(1L << 40));
        }
        return addresses;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void itAnswersAsAMapWould(int seed) throws Exception {
        Random random = new Random(seed);
        Log log = log(Geometry.minCacheBytes(8), 8);
        BlockIndex index = index(log);
        int positions = log.segments().capacitySegments() * 8;
        List<Long> addresses = new ArrayList<>();
        addresses.addAll(crowded(seed % 2 == 0 ? 60 : 10));
        addresses.addAll(scattered(300, seed));
        Map<Long, Integer> model = new HashMap<>();
        List<Integer> free = new ArrayList<>();
        for (int p = 0; p < positions; p++) {
            free.add(p);
        }
        for (int step = 0; step < 20_000; step++) {
            long address = addresses.get(random.nextInt(addresses.size()));
            Integer old = model.get(address);
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    if (old != null) {
                        assertThat(index.remove(address, old)).isTrue();
                        model.remove(address);
                        free.add(BlockIndex.positionOf(old));
                    } else {
                        assertThat(index.remove(address, BlockIndex.idOfPosition(free.get(0))))
                                .isFalse();
                    }
                }
                case 2 -> {
                    int position = free.remove(random.nextInt(free.size()));
                    int to = BlockIndex.idOfPosition(position);
                    EntryTables.set(log, position, address);
                    if (old == null) {
                        assertThat(index.replace(address, BlockIndex.idOfPosition(free.get(0)), to))
                                .isFalse();
                        free.add(position);
                    } else {
                        assertThat(index.replace(address, old, to)).isTrue();
                        model.put(address, to);
                        free.add(BlockIndex.positionOf(old));
                    }
                }
                default -> {
                    if (free.size() > 20) {
                        int position = free.remove(random.nextInt(free.size()));
                        EntryTables.set(log, position, address);
                        index.put(address, BlockIndex.idOfPosition(position));
                        model.put(address, BlockIndex.idOfPosition(position));
                        if (old != null) {
                            free.add(BlockIndex.positionOf(old));
                        }
                    }
                }
            }
            assertThat(index.size()).isEqualTo(model.size());
            if (step % 50 == 0) {
                for (long a : addresses) {
                    assertThat(index.find(a)).isEqualTo(model.getOrDefault(a, BlockIndex.NONE));
                }
            }
        }
    }

    @Test
    void aReplacementOfAnOldEntryLeavesTheNewestAlone() throws Exception {
        Log log = log(Geometry.minCacheBytes(8), 8);
        BlockIndex index = index(log);
        EntryTables.set(log, 1, 500);
        EntryTables.set(log, 2, 500);
        EntryTables.set(log, 3, 500);
        index.put(500, 2);
        index.put(500, 3);
        assertThat(index.replace(500, 2, 4)).as("superseded").isFalse();
        assertThat(index.remove(500, 2)).isFalse();
        assertThat(index.find(500)).isEqualTo(3);
        assertThat(index.size()).isEqualTo(1);
    }

    @Test
    void aFullTableStillFindsWhatIsNotThere() throws Exception {
        Log log = log(Geometry.minCacheBytes(8), 8);
        BlockIndex index = index(log);
        int positions = log.segments().capacitySegments() * 8;
        for (int p = 0; p < positions; p++) {
            EntryTables.set(log, p, 1000 + p);
            index.put(1000 + p, BlockIndex.idOfPosition(p));
        }
        for (int p = 0; p < positions; p++) {
            assertThat(index.find(1000 + p)).isEqualTo(BlockIndex.idOfPosition(p));
            assertThat(index.find(500_000 + p)).isEqualTo(BlockIndex.NONE);
        }
    }

    // ---- memory ----

    private static long arrayBytes(Object owner) throws ReflectiveOperationException {
        long bytes = 0;
        for (Field f : owner.getClass().getDeclaredFields()) {
            if (f.getType().isArray()
                    && f.getType().getComponentType().isPrimitive()
                    && !Modifier.isStatic(f.getModifiers())) {
                f.setAccessible(true);
                Object array = f.get(owner);
                int elementBytes = switch (f.getType().getComponentType().getName()) {
                    case "byte", "boolean" -> 1;
                    case "short", "char" -> 2;
                    case "int", "float" -> 4;
                    default -> 8;
                };
                bytes += (long) Array.getLength(array) * elementBytes;
            }
        }
        return bytes;
    }

    /** Really allocated: the index and the entries of a cache of 64 GiB take some 290 MB of the heap. */
    @Test
    void aCacheOf64GibibytesTakesAtMostTwentyBytesPerBlock() throws Exception {
        Log log = log(64L << 30, Geometry.SEGMENT_BLOCKS);
        long blocks = (long) log.segments().capacitySegments() * (Geometry.SEGMENT_BLOCKS - 1);
        BlockIndex index = index(log);
        long bytes = arrayBytes(index) + arrayBytes(log.entries());
        assertThat(blocks).isGreaterThan(16_600_000);
        assertThat(bytes).as("measured, not zero").isGreaterThan(12 * blocks);
        assertThat((double) bytes / blocks).isLessThanOrEqualTo(20);
        long apart = arrayBytes(log.segments());
        assertThat((double) apart / log.segments().capacitySegments())
                .as("bytes per segment")
                .isLessThanOrEqualTo(64);
    }
}
