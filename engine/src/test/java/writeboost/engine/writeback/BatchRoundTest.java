package writeboost.engine.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.writeback.RoundFixture.SEGMENT;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.cache.RecordingDevice.Io;
import writeboost.engine.cache.RecordingDevice.Kind;
import writeboost.engine.cache.TestData;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.Fault;
import writeboost.engine.device.Fault.Operation;
import writeboost.engine.log.EntryKind;
import writeboost.engine.log.Marks;
import writeboost.engine.log.RangeEntry;

/** One round of writeback after the other, by itself. */
@Timeout(60)
class BatchRoundTest {
    private static final Fault ERROR = Fault.error(DeviceException.Kind.IO);

    private final RoundFixture f;

    BatchRoundTest() throws IOException {
        f = new RoundFixture();
    }

    @AfterEach
    void close() {
        f.close();
    }

    private Marks marks() {
        f.lock.lock();
        try {
            return f.log.marks();
        } finally {
            f.lock.unlock();
        }
    }

    private boolean fillsBatch(int segments) {
        f.lock.lock();
        try {
            return f.round.fillsBatch(segments);
        } finally {
            f.lock.unlock();
        }
    }

    private int clientSegmentsLeft() {
        f.lock.lock();
        try {
            return f.log.clientSegmentsLeft();
        } finally {
            f.lock.unlock();
        }
    }

    /** The disk refuses to be written there. */
    private void refuse(long fromBlock, long endBlock) {
        f.faults.clear();
        f.faults.add(ERROR.on(Operation.WRITE, Operation.ZERO).at(fromBlock * BLOCK, (endBlock - fromBlock) * BLOCK));
    }

    @Test
    void withNothingDirtyItTouchesNothing() throws Exception {
        f.run(8);
        assertThat(f.disk.noted()).isEmpty();
        assertThat(f.cache.noted()).isEmpty();
    }

    @Test
    void whatItMovesIsOnTheDiskSyncedAndThenOnRecord() throws Exception {
        f.write(5, 6, 100);
        f.write(7);
        f.forget();
        f.run(8);
        assertThat(f.disk.noted())
                .containsExactly(
                        new Io(Kind.WRITE, 5 * BLOCK, 3 * BLOCK),
                        new Io(Kind.WRITE, 100 * BLOCK, BLOCK),
                        new Io(Kind.SYNC, 0, 0));
        assertThat(marks()).isEqualTo(new Marks(2, 2, 1));
        assertThat(f.log.recordedDurable()).isEqualTo(2);
        assertThat(f.round.blocksDone()).isEqualTo(4);
        assertThat(f.round.blocksRefused()).isZero();
        assertThat(f.round.backingWrites()).isEqualTo(2);
        assertThat(f.round.backingBytesWritten()).isEqualTo(4 * BLOCK);
        assertThat(f.round.backingBytesRead()).isZero();
        assertThat(f.round.cacheBytesRead())
                .as("the header between is read along")
                .isEqualTo(5 * BLOCK);
        assertThat(f.told).isEmpty();
    }

    // ---- making durable what is only in RAM ----

    @Test
    void ifNothingIsDurableItIsMadeSo() throws Exception {
        f.write(1);
        f.run(8);
        f.appendOpen(EntryKind.WRITTEN, 2);
        f.round.makeDurable();
        assertThat(marks().durable()).isEqualTo(2);
        f.round.makeDurable(); // nothing is left to wait for
        assertThat(marks().durable()).isEqualTo(2);
    }

    @Test
    void ifSomethingIsTheOpenChunkStaysOpen() throws Exception {
        f.write(1);
        f.appendOpen(EntryKind.WRITTEN, 2);
        f.round.makeDurable();
        assertThat(marks().durable()).isEqualTo(1);
        assertThat(f.log.open()).isNotNull();
    }

    // ---- a batch's worth ----

    @Test
    void aBatchIsFullWhenTheLogHasGoneOnBehindSoManySegments() throws Exception {
        assertThat(fillsBatch(2)).as("nothing is dirty").isFalse();
        f.appendSegments(2);
        assertThat(fillsBatch(2)).isFalse();
        f.write(4000);
        assertThat(fillsBatch(2)).as("the third has only begun").isFalse();
        assertThat(fillsBatch(1)).isTrue();
        f.appendSegments(1);
        assertThat(fillsBatch(2)).isTrue();
        f.run(1);
        assertThat(fillsBatch(2)).as("the first is clean").isFalse();
        f.run(8);
        assertThat(fillsBatch(0)).isFalse();
    }

    // ---- a disk that refuses ----

    @Test
    void aDiskThatRefusesMoreThanHalfOfARoundIsToldFromABadSector() throws Exception {
        f.write(1, 2, 3, 4, 5);
        refuse(1, 3);
        f.run(8);
        assertThat(f.round.mostlyRefused()).isFalse();
        assertThat(f.round.blocksRefused()).isEqualTo(2);
        refuse(11, 14);
        f.write(11, 12, 13, 14, 15);
        f.run(1); // with the two
        assertThat(f.round.mostlyRefused()).isFalse();
        f.run(8);
        assertThat(f.round.mostlyRefused()).isTrue();
        f.faults.clear();
        f.run(8);
        assertThat(f.round.mostlyRefused()).isFalse();
        assertThat(f.told).allMatch(t -> t.contains("refused by the disk"));
    }

    @Test
    void blocksOfRangesCountToo() throws Exception {
        f.ranges.add(new RangeEntry(1, 0, 10, 5, EntryKind.ZERO));
        f.write(1, 2, 3);
        refuse(1, 12);
        f.faults.clear();
        f.faults.add(ERROR.on(Operation.WRITE, Operation.ZERO).at(3 * BLOCK, 8 * BLOCK)); // 3 and 10
        f.run(8);
        assertThat(f.round.mostlyRefused()).isTrue();
        assertThat(f.round.blocksRefused()).isEqualTo(2);
        assertThat(f.told).containsExactly("2 refused by the disk: they stay in the cache");
        assertThat(marks().durable()).as("both were logged anew").isEqualTo(3);
        assertThat(f.ranges).isEmpty();
    }

    @Test
    void aRoundThatWasMostlyRefusedIsForgottenWithTheNext() throws Exception {
        f.write(1);
        refuse(1, 2);
        f.run(8);
        assertThat(f.round.mostlyRefused()).isTrue();
        f.faults.clear();
        f.run(8);
        f.run(8); // nothing to do
        assertThat(f.round.mostlyRefused()).isFalse();
    }

    /** Else the tail would pass it, and it would be gone. */
    @Test
    void withoutRoomToLogARefusedBlockAnewTheRoundFails() throws Exception {
        f.write(1, 2);
        refuse(1, 2);
        f.noRoom = 1;
        assertThatThrownBy(() -> f.run(8)).hasMessageContaining("the log is full");
        assertThat(marks()).isEqualTo(new Marks(1, 0, 1));
        f.run(8);
        assertThat(marks()).isEqualTo(new Marks(2, 1, 1));
        assertThat(f.positionOf(1L)).isGreaterThan(f.positionOf(2L));
    }

    @Test
    void norIsARangeDoneOfWhichABlockWasRefused() throws Exception {
        f.write(1);
        f.ranges.add(new RangeEntry(1, 0, 10, 5, EntryKind.ZERO));
        refuse(12, 13);
        f.noRoom = 1;
        assertThatThrownBy(() -> f.run(8)).hasMessageContaining("the log is full");
        assertThat(f.ranges).hasSize(1);
        f.run(8);
        assertThat(f.ranges).isEmpty();
        assertThat(f.index).containsKey(12L);
    }

    @Test
    void whatWasOverwrittenMeanwhileIsNotLoggedAnew() throws Exception {
        f.write(1, 2);
        refuse(1, 2);
        f.round.run(8, blocks -> f.index.put(1L, -7)); // a newer entry, wherever it is
        assertThat(marks()).isEqualTo(new Marks(1, 1, 1));
    }

    @Test
    void aDamagedBlockIsLoggedAsLostDurablyBeforeTheTailPassesIt() throws Exception {
        f.write(1, 2, 3);
        TestData.spoil(f.cache, RoundFixture.block(2));
        f.noRoom = 1;
        assertThatThrownBy(() -> f.run(8)).hasMessageContaining("the log is full");
        assertThat(marks()).isEqualTo(new Marks(1, 0, 1));
        f.run(8);
        assertThat(marks()).isEqualTo(new Marks(2, 1, 1));
        assertThat(f.log.entries().kind(f.positionOf(2L))).isEqualTo(EntryKind.LOST);
        assertThat(f.log.entries().valid(f.positionOf(2L))).isEqualTo(0xFF);
        assertThat(f.told).singleElement().asString().startsWith("1 damaged on the cache device");
    }

    /** There is surely room for a segment of lost blocks; for more when oldest has passed the first. */
    @Test
    void whatIsDamagedBeyondASegmentsWorthWaitsForTheNextRound() throws Exception {
        f.appendSegments(3);
        for (int i = 0; i < 7; i++) {
            TestData.spoil(f.cache, RoundFixture.block(i));
            TestData.spoil(f.cache, RoundFixture.block(SEGMENT + i));
            TestData.spoil(f.cache, RoundFixture.block(2 * SEGMENT + i));
        }
        f.run(8);
        assertThat(marks().tail()).isEqualTo(2);
        assertThat(f.told).singleElement().asString().startsWith("14 damaged");
        assertThat(f.round.blocksDone()).isEqualTo(2 * (SEGMENT - 7));
        f.run(8);
        assertThat(f.told).last().asString().startsWith("7 damaged");
    }

    /** What was written of the rest is written again: it is not clean before the sync of the round that takes it. */
    @Test
    void whatIsRefusedBeyondASegmentsWorthWaitsForTheNextRound() throws Exception {
        f.appendSegments(3);
        for (int i = 0; i < 3; i++) {
            f.faults.add(ERROR.on(Operation.WRITE).at((long) i * SEGMENT * BLOCK, 7 * BLOCK));
        }
        f.ranges.add(new RangeEntry(2, 0, 1000, 5, EntryKind.ZERO));
        f.ranges.add(new RangeEntry(3, 0, 2000, 5, EntryKind.ZERO));
        f.run(8);
        assertThat(marks().tail()).isEqualTo(2);
        assertThat(f.told).singleElement().asString().startsWith("14 refused");
        assertThat(f.ranges).singleElement().matches(r -> r.seq() == 3, "that of the third segment");
        assertThat(f.log.entries().dirty(f.positionOf(3L * SEGMENT - 1))).isEqualTo(0xFF);
        f.run(1);
        assertThat(marks().tail()).isEqualTo(3);
        assertThat(f.told).last().asString().startsWith("7 refused");
        assertThat(f.ranges).isEmpty();
    }

    @Test
    void damagedAndRefusedOnesCountTogether() throws Exception {
        f.appendSegments(2);
        for (int i = 0; i < 7; i++) {
            TestData.spoil(f.cache, RoundFixture.block(i));
        }
        f.faults.add(ERROR.on(Operation.WRITE).at((long) SEGMENT * BLOCK, (SEGMENT - 6L) * BLOCK));
        f.run(8);
        assertThat(marks().tail()).as("one more than fill a segment").isEqualTo(1);
        assertThat(f.told).singleElement().asString().startsWith("7 damaged");
        f.run(1);
        assertThat(marks().tail()).isEqualTo(2);
        assertThat(f.told).last().asString().startsWith(SEGMENT - 6 + " refused");
    }

    @Test
    void lostBlocksAmongThoseOfTheRoundCountLikeDamagedOnes() throws Exception {
        long[] lost = new long[SEGMENT];
        for (int i = 0; i < SEGMENT; i++) {
            lost[i] = 500L + i;
        }
        f.append(EntryKind.LOST, lost);
        f.appendSegments(1);
        f.run(8);
        assertThat(marks().tail()).as("a segment of them is the most").isEqualTo(2);
        f.append(EntryKind.LOST, lost);
        f.write(1000);
        TestData.spoil(f.cache, RoundFixture.block(1000));
        f.run(8);
        assertThat(marks().tail()).isEqualTo(3);
        f.run(8);
        assertThat(marks().tail()).isEqualTo(4);
    }

    // ---- no room to log anything anew ----

    /** The room of what comes before a bad sector is what that needs. */
    @Test
    void itEndsBeforeTheSegmentOfARefusedBlockThatFindsNone() throws Exception {
        f.appendSegments(3);
        refuse(SEGMENT + 5, SEGMENT + 6);
        f.noRoom = 1;
        f.run(8);
        assertThat(marks()).isEqualTo(new Marks(3, 1, 1));
        assertThat(f.told).isEmpty();
        assertThat(f.log.entries().dirty(f.positionOf(0L))).isZero();
        assertThat(f.log.entries().dirty(f.positionOf(SEGMENT))).isEqualTo(0xFF);
        f.run(8);
        assertThat(marks()).isEqualTo(new Marks(4, 3, 1));
        assertThat(f.told).containsExactly("1 refused by the disk: they stay in the cache");
    }

    @Test
    void itEndsBeforeTheSegmentOfADamagedBlockThatFindsNone() throws Exception {
        f.appendSegments(3);
        TestData.spoil(f.cache, RoundFixture.block(2L * SEGMENT + 1));
        f.noRoom = 1;
        f.run(8);
        assertThat(marks()).isEqualTo(new Marks(3, 2, 1));
        f.run(8);
        assertThat(marks()).isEqualTo(new Marks(4, 3, 1));
    }

    @Test
    void itEndsBeforeTheSegmentOfARangeOfWhichABlockFindsNone() throws Exception {
        f.appendSegments(3);
        f.ranges.add(new RangeEntry(1, 0, 1000, 5, EntryKind.ZERO));
        f.ranges.add(new RangeEntry(2, 0, 2000, 5, EntryKind.ZERO));
        f.ranges.add(new RangeEntry(3, 0, 3000, 5, EntryKind.ZERO));
        refuse(2000, 2001);
        f.noRoom = 1;
        f.run(8);
        assertThat(marks()).isEqualTo(new Marks(3, 1, 1));
        assertThat(f.ranges).extracting(RangeEntry::seq).containsExactly(2L, 3L);
        f.run(8);
        assertThat(f.ranges).isEmpty();
    }

    @Test
    void ofSeveralThatFindNoneTheFirstCounts() throws Exception {
        f.appendSegments(4);
        TestData.spoil(f.cache, RoundFixture.block(3L * SEGMENT + 1));
        refuse(2L * SEGMENT, 2L * SEGMENT + 1);
        f.noRoom = 2;
        f.run(8);
        assertThat(marks()).isEqualTo(new Marks(4, 2, 1));
    }

    /** What is on the disk is there, though the room of a lost block can't be given back. */
    @Test
    void theTailIsRecordedThoughOldestMayGoNowhere() throws Exception {
        f.append(EntryKind.LOST, 7);
        while (clientSegmentsLeft() >= 16) {
            f.appendSegments(1);
        }
        f.noRoom = 1;
        assertThatThrownBy(() -> f.run(8)).hasMessageContaining("the log is full");
        assertThat(marks().tail()).isPositive();
        assertThat(marks().oldest()).isEqualTo(1);
        f.run(8);
        assertThat(marks().oldest()).as("with room again").isGreaterThan(1);
    }

    // ---- a sync that fails ----

    @Test
    void whatWasWrittenBeyondTheEndOfARoundThatWasCutShortIsDoubtfulToo() throws Exception {
        f.appendSegments(2);
        f.faults.add(ERROR.on(Operation.WRITE).at(0, 10 * BLOCK));
        f.faults.add(ERROR.on(Operation.WRITE).at((long) SEGMENT * BLOCK, 10 * BLOCK));
        f.faults.add(ERROR.on(Operation.SYNC).times(1));
        assertThatThrownBy(() -> f.run(8)).isInstanceOf(IOException.class);
        f.faults.clear();
        f.run(1);
        assertThat(marks().tail()).isEqualTo(1);
        assertThat(f.round.isDiskDoubtful()).isTrue();
        f.run(1);
        assertThat(f.round.isDiskDoubtful()).isFalse();
    }

    @Test
    void afterAFailedSyncTheDiskIsDoubtfulUntilAllOfItWasWrittenAgain() throws Exception {
        f.appendSegments(2);
        assertThat(f.round.isDiskDoubtful()).isFalse();
        f.faults.add(ERROR.on(Operation.SYNC).times(1));
        assertThatThrownBy(() -> f.run(8)).isInstanceOf(IOException.class);
        assertThat(marks().tail()).isZero();
        assertThat(f.round.isDiskDoubtful()).isTrue();
        f.index.put(3L, -7); // superseded by now
        f.forget();
        f.run(1);
        assertThat(f.disk.noted(Kind.WRITE)).containsExactly(new Io(Kind.WRITE, 0, SEGMENT * BLOCK));
        assertThat(f.round.isDiskDoubtful()).isTrue();
        f.run(1);
        assertThat(f.round.isDiskDoubtful()).isFalse();
    }

    @Test
    void whatItHadNotTriedYetIsNotDoubtful() throws Exception {
        f.write(1);
        f.faults.add(ERROR.on(Operation.SYNC).times(1));
        assertThatThrownBy(() -> f.run(8)).isInstanceOf(IOException.class);
        f.write(2, 3);
        f.index.put(1L, -7);
        f.index.put(2L, -7);
        f.forget();
        f.run(8);
        assertThat(f.disk.noted(Kind.WRITE))
                .containsExactly(new Io(Kind.WRITE, BLOCK, BLOCK), new Io(Kind.WRITE, 3 * BLOCK, BLOCK));
    }

    // ---- oldest ----

    @Test
    void oldestStaysWhileThereIsRoomForTwoBatches() throws Exception {
        while (clientSegmentsLeft() > 4) {
            f.appendSegments(1);
        }
        f.run(2);
        assertThat(marks().tail()).isEqualTo(2);
        assertThat(marks().oldest()).isEqualTo(1);
        f.appendSegments(1);
        f.run(2);
        assertThat(marks().tail()).isEqualTo(4);
        assertThat(marks().oldest()).as("past two segments").isEqualTo(3);
    }

    @Test
    void itNeverPassesTheTail() throws Exception {
        while (clientSegmentsLeft() > 3) {
            f.appendSegments(1);
        }
        f.run(2);
        assertThat(marks().oldest()).isEqualTo(3);
        f.run(1);
        f.appendSegments(3);
        f.round.recycle(5);
        assertThat(marks()).isEqualTo(new Marks(marks().durable(), 3, 4));
    }

    @Test
    void recyclingGivesBackSoManySegments() throws Exception {
        f.write(1);
        f.write(2);
        f.appendSegments(4); // the first begins behind those two
        f.run(8);
        assertThat(marks().oldest()).isEqualTo(1);
        assertThat(liveAfterRecycling(2)).containsExactly(false, false, true, true, true);
        assertThat(liveAfterRecycling(1)).containsExactly(false, false, false, true, true);
    }

    /** Which of the first segments still hold something then. */
    private boolean[] liveAfterRecycling(int segments) throws IOException {
        f.round.recycle(segments);
        boolean[] live = new boolean[5];
        f.lock.lock();
        for (int slot = 0; slot < live.length; slot++) {
            live[slot] = f.log.segments().isLive(slot);
        }
        f.lock.unlock();
        return live;
    }
}
