package writeboost.engine.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.cache.Progress;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.inspect.BlockHistory.Version;

@Timeout(120)
class InspectionTest {
    private SmallCache c;

    @BeforeEach
    void setUp() throws Exception {
        c = new SmallCache();
    }

    @AfterEach
    void tearDown() throws Exception {
        c.close();
    }

    /** Stops and looks. */
    private Inspection inspect() throws Exception {
        c.pair.disk.stop();
        return c.inspect();
    }

    private BlockHistory history(long address) throws Exception {
        return c.inspect().block(address, Progress.NONE);
    }

    @Test
    void anEmptyCacheHasOnlyFreeSegments() throws Exception {
        Inspection inspection = inspect();
        assertThat(inspection.segments()).hasSize(32).allMatch(s -> s.state() == SegmentInfo.State.FREE && s.id() == 0);
        assertThat(inspection.summary().chunks()).isZero();
        assertThat(inspection.segment(1)).isEmpty();
        assertThat(inspection.segment(0)).isEmpty();
        assertThat(inspection.segment(-1)).isEmpty();
        assertThat(history(3).answer()).contains("the cache does not know the block");
    }

    @Test
    void whatIsNoCacheIsRefused() {
        MemoryDevice other = new MemoryDevice("other", 1 << 20);
        assertThatThrownBy(() -> Inspection.ofDevice(other, false, Progress.NONE))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_A_CACHE));
    }

    @Test
    void theFiguresAreThoseOfTheRunningCache() throws Exception {
        c.write(0, 40);
        c.pair.disk.flush(Progress.NONE);
        c.write(5, 10);
        c.pair.trim(100 * 4096L, 20 * 4096L);
        c.pair.flush();
        var live = c.pair.disk.snapshot();
        Inspection inspection = inspect();
        CacheSummary s = inspection.summary();
        assertThat(s.dirtyBlocks()).isEqualTo(live.dirtyBlocks()).isEqualTo(10);
        assertThat(s.cachedBlocks()).isEqualTo(live.cachedBlocks());
        assertThat(s.dirtyRanges()).isEqualTo(1);
        assertThat(s.durable()).isEqualTo(s.lastSeq());
        assertThat(s.tail()).isPositive();
        assertThat(s.badSuperblocks()).isEmpty();
        assertThat(s.checkpoint()).isNotNull();
        assertThat(s.checkpoint().clean()).isTrue();
        assertThat(inspection.segments().stream()
                        .mapToInt(SegmentInfo::dirtyBlocks)
                        .sum())
                .isEqualTo(10);
        assertThat(inspection.segments().stream()
                        .mapToInt(SegmentInfo::supersededBlocks)
                        .sum())
                .isEqualTo(10);
        assertThat(inspection.segments())
                .filteredOn(x -> x.state() == SegmentInfo.State.CLEAN)
                .isNotEmpty();
        assertThat(inspection.segments())
                .filteredOn(x -> x.state() == SegmentInfo.State.HEAD)
                .hasSize(1);
    }

    @Test
    void theHistoryOfABlockTellsItsVersionsNewestFirst() throws Exception {
        c.write(7, 1);
        c.pair.flush();
        c.write(7, 1);
        c.pair.flush();
        c.pair.write(7 * 4096 + 512, new byte[512]);
        c.pair.disk.sync();
        BlockHistory h = history(7);
        assertThat(h.byteOffset()).isEqualTo(7 * 4096);
        assertThat(h.versions()).hasSize(3);
        assertThat(h.versions()).extracting(Version::seq).containsExactly(3L, 2L, 1L);
        assertThat(h.versions()).extracting(Version::counts).containsExactly(true, false, false);
        assertThat(h.versions())
                .extracting(v -> v.entry().state())
                .containsExactly(EntryState.DIRTY, EntryState.SUPERSEDED, EntryState.SUPERSEDED);
        assertThat(h.versions()).allMatch(v -> v.entry().data() == EntryInfo.Data.OK);
        assertThat(h.answer()).contains("does not have it yet");
    }

    @Test
    void aPartialWriteKnowsOnlyItsSectors() throws Exception {
        c.pair.write(9 * 4096 + 1024, new byte[1024]);
        c.pair.disk.sync();
        BlockHistory h = history(9);
        assertThat(h.versions().get(0).entry().valid()).isEqualTo(0b1100);
        assertThat(h.versions().get(0).entry().dirty()).isEqualTo(0b1100);
        assertThat(h.answer()).startsWith("sectors 2, 3 from segment 1").contains("the others from the backing device");
    }

    @Test
    void aTrimHidesWhatIsOlderAndNotWhatIsNewer() throws Exception {
        c.write(20, 3);
        c.pair.trim(20 * 4096L, 3 * 4096L);
        c.write(21, 1);
        c.pair.disk.sync();
        assertThat(history(20).answer()).startsWith("zeros");
        assertThat(history(20).versions())
                .extracting(v -> v.entry().kind())
                .containsExactlyInAnyOrder("trim", "written");
        assertThat(history(20).versions())
                .filteredOn(Version::counts)
                .extracting(v -> v.entry().kind())
                .containsExactly("trim");
        assertThat(history(21).versions())
                .filteredOn(Version::counts)
                .extracting(v -> v.entry().kind())
                .containsExactly("written");
        assertThat(history(21).answer()).startsWith("the data in");
        c.pair.disk.flush(Progress.NONE);
        assertThat(history(20).answer()).startsWith("what the backing device has");
    }

    @Test
    void damageIsSeenInTheAnswer() throws Exception {
        c.write(30, 1);
        c.pair.disk.sync();
        c.flip(SmallCache.byteOffset(0, 1), 1);
        assertThat(history(30).answer()).startsWith("an error for sectors 0, 1, 2, 3, 4, 5, 6, 7");
        assertThat(history(30).versions().get(0).entry().data()).isEqualTo(EntryInfo.Data.DAMAGED);
        c.flip(SmallCache.byteOffset(0, 1), 1);
        c.pair.disk.flush(Progress.NONE);
        c.flip(SmallCache.byteOffset(0, 1), 1);
        assertThat(history(30).answer())
                .contains("backing device has: the copy")
                .contains("is damaged");
    }

    @Test
    void aChunkWithADamagedHeaderIsShownFromItsCopy() throws Exception {
        c.write(40, 2);
        c.pair.flush();
        c.write(50, 1);
        c.pair.disk.sync();
        c.flip(SmallCache.byteOffset(0, 0) + 50, 1);
        Inspection inspection = inspect();
        assertThat(inspection.summary().damagedHeaders()).isEqualTo(1);
        List<ChunkInfo> chunks = inspection.segment(1).orElseThrow().chunks();
        assertThat(chunks)
                .extracting(ChunkInfo::state)
                .containsExactly(ChunkInfo.State.HEADER_DAMAGED, ChunkInfo.State.LIVE);
        assertThat(chunks.get(0).entries()).extracting(EntryInfo::address).containsExactly(40L, 41L);
        assertThat(inspection.block(41, Progress.NONE).versions())
                .singleElement()
                .matches(v -> v.chunk() == ChunkInfo.State.HEADER_DAMAGED && v.counts());
    }

    @Test
    void whatIsDroppedIsDead() throws Exception {
        c.write(60, 2);
        c.pair.disk.drop(Progress.NONE);
        Inspection inspection = inspect();
        assertThat(inspection.summary().cachedBlocks()).isZero();
        assertThat(inspection.segments()).allMatch(s -> s.liveChunks() == 0);
        assertThat(inspection.segment(1).orElseThrow().chunks())
                .allMatch(chunk -> chunk.state() == ChunkInfo.State.DEAD)
                .isNotEmpty();
        assertThat(inspection.block(60, Progress.NONE).versions())
                .singleElement()
                .matches(v -> v.entry().state() == EntryState.DEAD && !v.counts());
    }
}
