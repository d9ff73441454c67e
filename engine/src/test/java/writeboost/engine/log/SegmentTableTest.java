package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentTableTest {
    /** A chunk as the naive model keeps it. */
    private record Placed(long seq, long segmentId, int offset, int dataBlocks) {}

    /** The table beside a list of chunks, driven as the log drives it. */
    private static final class Model {
        final Geometry geometry;
        final SegmentTable table;
        final Random random;
        final List<Placed> live = new ArrayList<>();
        /** By slot: the highest seq whose write to it began. */
        final long[] usedThrough;

        long nextSeq = 1;
        long oldest = 1;
        int offset;

        Model(Geometry geometry, long seed) {
            this.geometry = geometry;
            table = new SegmentTable(geometry);
            random = new Random(seed);
            usedThrough = new long[geometry.segments()];
        }

        void write() {
            int data = random.nextInt(10) == 0
                    ? geometry.chunkDataBlocks()
                    : random.nextInt(Math.min(12, geometry.segmentBlocks() - 1));
            if (table.currentId() == 0 || offset + 1 + data > geometry.segmentBlocks()) {
                long before = table.maxId();
                if (table.beginSegment() == 0) {
                    assertThat(freeSlots()).as("none is free").isZero();
                    return;
                }
                assertThat(table.currentId()).isGreaterThan(before).isEqualTo(table.maxId());
                offset = 0;
            }
            int slot = geometry.slotOf(table.currentId());
            table.use(slot, nextSeq);
            usedThrough[slot] = Math.max(usedThrough[slot], nextSeq);
            if (random.nextInt(12) == 0) {
                table.abandonCurrent(); // the write failed
                return;
            }
            table.add(table.currentId(), offset, data, nextSeq);
            live.add(new Placed(nextSeq, table.currentId(), offset, data));
            offset += 1 + data;
            nextSeq++;
        }

        void failSync() {
            if (live.isEmpty()) {
                return;
            }
            long from = live.get(random.nextInt(live.size())).seq();
            table.removeFrom(from);
            table.abandonCurrent();
            live.removeIf(c -> c.seq() >= from);
            nextSeq = from;
        }

        void release() {
            oldest += random.nextInt((int) (nextSeq - oldest) + 1);
            table.release(oldest);
            live.removeIf(c -> c.seq() < oldest);
        }

        int freeSlots() {
            int free = 0;
            for (int slot = 0; slot < geometry.segments(); slot++) {
                boolean current = table.currentId() != 0 && geometry.slotOf(table.currentId()) == slot;
                free += usedThrough[slot] < oldest && !current ? 1 : 0;
            }
            return free;
        }

        void compare() {
            assertThat(table.freeSegments()).isEqualTo(freeSlots());
            for (Placed c : live) {
                int slot = geometry.slotOf(c.segmentId());
                assertThat(table.idOf(slot)).isEqualTo(c.segmentId());
                assertThat(table.slotOf(c.seq(), random.nextInt(geometry.segments())))
                        .isEqualTo(slot);
                assertThat(table.offsetOf(c.seq(), slot)).isEqualTo(c.offset());
                assertThat(table.endOf(slot, c.offset())).isEqualTo(c.offset() + 1 + c.dataBlocks());
                for (int i = 0; i < c.dataBlocks(); i++) {
                    int position = geometry.position(slot, c.offset() + 1 + i);
                    assertThat(table.seqOf(position)).isEqualTo(c.seq());
                    assertThat(table.dataIndexOf(position)).isEqualTo(i);
                    assertThat(table.isInLiveChunk(position)).isTrue();
                }
                assertThat(table.isInLiveChunk(geometry.position(slot, c.offset())))
                        .isTrue();
            }
            assertThat(table.slotOf(nextSeq, 0)).isEqualTo(-1);
            assertThat(table.slotOf(oldest - 1, 0)).isEqualTo(-1);
            for (int slot = 0; slot < geometry.segments(); slot++) {
                compareSlot(slot);
            }
        }

        private void compareSlot(int slot) {
            List<Placed> there = live.stream()
                    .filter(c -> geometry.slotOf(c.segmentId()) == slot)
                    .toList();
            assertThat(table.isLive(slot)).isEqualTo(!there.isEmpty());
            if (there.isEmpty()) {
                assertThat(table.isInLiveChunk(geometry.position(slot, 0))).isFalse();
                return;
            }
            Placed first = there.get(0);
            Placed last = there.get(there.size() - 1);
            assertThat(table.firstSeq(slot)).isEqualTo(first.seq());
            assertThat(table.lastSeq(slot)).isEqualTo(last.seq());
            int end = last.offset() + 1 + last.dataBlocks();
            assertThat(table.usedBlocks(slot)).isEqualTo(end);
            if (first.offset() > 0) {
                assertThat(table.isInLiveChunk(geometry.position(slot, first.offset() - 1)))
                        .isFalse();
            }
            if (end < geometry.segmentBlocks()) {
                assertThat(table.isInLiveChunk(geometry.position(slot, end))).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 63, 64, 65, 127, 128})
    void itAgreesWithANaiveModel(int segmentBlocks) {
        for (long seed = 1; seed <= 6; seed++) {
            Model model = new Model(new Geometry(segmentBlocks, 9), seed);
            for (int step = 0; step < 150; step++) {
                int what = model.random.nextInt(20);
                if (what == 0) {
                    model.failSync();
                } else if (what <= 3) {
                    model.release();
                } else {
                    model.write();
                }
                model.compare();
            }
        }
    }

    @Test
    void aFreshTableHasAllSegmentsAndNoChunk() {
        SegmentTable table = new SegmentTable(new Geometry(8, 5));
        assertThat(table.freeSegments()).isEqualTo(5);
        assertThat(table.currentId()).isZero();
        assertThat(table.slotOf(0, 0)).isEqualTo(-1);
        assertThat(table.capacitySegments()).isEqualTo(5);
        assertThat(table.beginSegment()).isEqualTo(1);
        assertThat(table.freeSegments()).isEqualTo(4);
    }

    @Test
    void aBegunSegmentThatNothingWasWrittenToIsFreeAgainWhenAbandoned() {
        SegmentTable table = new SegmentTable(new Geometry(8, 5));
        table.beginSegment();
        table.abandonCurrent();
        assertThat(table.freeSegments()).isEqualTo(5);
        assertThat(table.beginSegment()).as("but its id is used up").isEqualTo(2);
    }

    @Test
    void idsGoOnBehindTheHighestThatWasFound() {
        SegmentTable table = new SegmentTable(new Geometry(8, 5));
        table.setMaxId(17);
        table.setMaxId(4);
        assertThat(table.beginSegment()).isEqualTo(18);
    }

    @Test
    void aSlotInUseIsSkipped() {
        SegmentTable table = new SegmentTable(new Geometry(8, 5));
        table.add(1, 0, 3, 10);
        table.add(3, 0, 3, 11);
        table.setMaxId(5);
        assertThat(table.beginSegment()).as("6 would lie in the slot of 1").isEqualTo(7);
    }

    @Test
    void chunksOfASegmentMustBeConsecutive() {
        SegmentTable table = new SegmentTable(new Geometry(8, 5));
        table.add(1, 0, 1, 10);
        assertThatThrownBy(() -> table.add(1, 2, 1, 12)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void roomOfAFailedWriteIsNotFreeBeforeOldestPassesIt() {
        SegmentTable table = new SegmentTable(new Geometry(8, 3));
        int slot = table.geometry().slotOf(table.beginSegment());
        table.use(slot, 1);
        table.abandonCurrent();
        assertThat(table.freeSegments()).isEqualTo(2);
        table.release(1);
        assertThat(table.freeSegments()).isEqualTo(2);
        table.release(2);
        assertThat(table.freeSegments()).isEqualTo(3);
    }

    @Test
    void aSlotThatHoldsAChunkOfTheLogIsNotFreeWhoeverFindsIt() {
        SegmentTable table = new SegmentTable(new Geometry(16, 40));
        table.add(5, 0, 3, 1);
        assertThat(table.freeSegments()).isEqualTo(39);
        table.add(5, 4, 3, 2);
        table.use(4, 2);
        assertThat(table.freeSegments()).as("the same slot").isEqualTo(39);
        table.use(7, 2);
        assertThat(table.freeSegments()).as("another copy of it").isEqualTo(38);
        table.release(2);
        assertThat(table.freeSegments()).isEqualTo(38);
        table.release(3);
        assertThat(table.freeSegments()).isEqualTo(40);
    }
}
