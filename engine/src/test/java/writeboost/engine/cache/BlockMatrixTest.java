package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static writeboost.engine.cache.TestData.BLOCK;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import writeboost.engine.cache.BlockCase.Change;
import writeboost.engine.cache.BlockCase.Old;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.log.Geometry;

/**
 * Every old state of a block x every kind of change: what is read at once, after a crash, what the backing device holds
 * after a flush, what is read after another crash.
 */
@Timeout(60)
class BlockMatrixTest {
    private static final int SEGMENT_BLOCKS = 32;
    private static final int BLOCKS = 64;
    /** Writeback only when asked; reads are cached. */
    private static final Settings SETTINGS = new Settings(0, 32, 0, 0, 32);

    private static TestPair pairOf(RecordingDevice cache, int lastBytes) throws Exception {
        MemoryDevice backing = new MemoryDevice("backing", BLOCKS * BLOCK + lastBytes);
        TestData.fill(backing, 77);
        return new TestPair(cache, backing, SEGMENT_BLOCKS, SETTINGS);
    }

    private static RecordingDevice newCache() {
        // Four times the least: buffers enough that a held sync never makes a write wait.
        return new RecordingDevice(new MemoryDevice("cache", 4 * Geometry.minCacheBytes(SEGMENT_BLOCKS)));
    }

    @ParameterizedTest
    @EnumSource(Old.class)
    void everyChangeOfABlockIsSeenAndSurvives(Old old) throws Exception {
        RecordingDevice cache = newCache();
        try (TestPair pair = pairOf(cache, 0)) {
            Map<Change, BlockCase> blocks = new EnumMap<>(Change.class);
            for (Change change : Change.values()) {
                blocks.put(change, new BlockCase(pair, cache, 2 + 3 * blocks.size()));
            }
            if (old == Old.IN_CLOSED_BUFFER || old == Old.PART_IN_CLOSED_BUFFER) {
                // Only one can be closed at a time: each closing needs a flush, and that is held up.
                for (Map.Entry<Change, BlockCase> e : blocks.entrySet()) {
                    prepareAndChange(e.getValue(), old, e.getKey());
                    cache.release();
                }
            } else {
                for (BlockCase block : blocks.values()) {
                    block.prepare(old);
                }
                blocks.forEach((change, block) -> changeAndRead(block, change));
            }
            checkLater(pair, blocks.values());
        }
    }

    @ParameterizedTest
    @EnumSource(Old.class)
    void everyChangeOfTheLastBlockOfAnOddDiskIsSeenAndSurvives(Old old) throws Exception {
        RecordingDevice cache = newCache();
        try (TestPair pair = pairOf(cache, 1536)) {
            for (Change change : Change.values()) {
                BlockCase last = new BlockCase(pair, cache, BLOCKS);
                assertThat(last.size).isEqualTo(1536);
                try {
                    prepareAndChange(last, old, change);
                    cache.release();
                    checkAfterCrash(pair, List.of(last));
                    checkAfterFlush(pair, List.of(last));
                } catch (AssertionError e) {
                    throw new AssertionError(old + ", then " + change + ": " + e.getMessage(), e);
                }
                last.change(Change.WHOLE); // mends what was lost
                pair.disk.drop(Progress.NONE);
            }
        }
    }

    private static void prepareAndChange(BlockCase block, Old old, Change change) throws Exception {
        block.prepare(old);
        changeAndRead(block, change);
    }

    private static void changeAndRead(BlockCase block, Change change) {
        try {
            block.change(change);
            block.checkRead("at once");
        } catch (AssertionError e) {
            throw new AssertionError(change + ": " + e.getMessage(), e);
        }
    }

    private static void checkLater(TestPair pair, Collection<BlockCase> blocks) throws Exception {
        checkAfterCrash(pair, blocks);
        checkAfterFlush(pair, blocks);
        pair.disk.kill();
        pair.open(SETTINGS);
        for (BlockCase block : blocks) {
            block.checkRead("after a flush and a crash");
        }
        pair.disk.drop(Progress.NONE);
        for (BlockCase block : blocks) {
            block.checkRead("after dropping the cache");
        }
    }

    private static void checkAfterCrash(TestPair pair, Collection<BlockCase> blocks) throws Exception {
        assertThat(pair.flush()).isEqualTo(DiskError.OK);
        pair.disk.kill();
        pair.open(SETTINGS);
        for (BlockCase block : blocks) {
            block.checkRead("after a crash");
        }
    }

    private static void checkAfterFlush(TestPair pair, Collection<BlockCase> blocks) throws Exception {
        pair.disk.flush(Progress.NONE);
        assertThat(pair.disk.snapshot().dirtyBlocks()).isZero();
        for (BlockCase block : blocks) {
            block.checkBacking("after a flush");
            block.checkRead("after a flush");
        }
    }
}
