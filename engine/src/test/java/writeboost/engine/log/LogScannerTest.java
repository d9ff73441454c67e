package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import writeboost.engine.device.CountingDevice;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.Fault;
import writeboost.engine.device.Fault.Operation;
import writeboost.engine.device.FaultDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.LogImage.Chunk;

/** What is read of a cache device, and at what cost. */
class LogScannerTest {
    private LogImage image;
    private FaultDevice faults;
    private CountingDevice device;
    private LogScanner scanner;
    private final List<Long> seqs = new ArrayList<>();

    @BeforeEach
    void format() throws Exception {
        image = new LogImage();
        faults = new FaultDevice(image.cache, new QuickTasks());
        device = new CountingDevice(faults, new QuickTasks());
        scanner = new LogScanner(device, image.superblock);
    }

    private void scan(int slot) {
        scanner.scanSegment(slot, (header, position) -> seqs.add(header.seq()));
    }

    private static Fault badBlock(long byteOffset) {
        return Fault.error(DeviceException.Kind.IO).on(Operation.READ).at(byteOffset, Geometry.BLOCK_BYTES);
    }

    // ---- the chain of a segment ----

    @Test
    void theChainGoesFromHeaderToHeaderToTheEndOfTheSegment() throws Exception {
        image.chunk(1).blocks(1, 3).write();
        image.chunk(2).range(EntryKind.TRIM, 4, 4).write();
        image.chunk(3).blocks(10, 10).write();
        scan(0);
        assertThat(seqs).containsExactly(1L, 2L, 3L);
        assertThat(scanner.chainEnd(0)).isEqualTo(LogImage.SEGMENT_BLOCKS);
        assertThat(scanner.mayHideChunks(0)).as("nothing lies behind it").isFalse();
        assertThat(scanner.chainEnd(0)).isPositive();
    }

    @Test
    void itEndsBeforeWhatIsNoHeader() throws Exception {
        image.chunk(1).blocks(1, 3).write();
        Chunk rotten = image.chunk(2).block(4).write();
        image.chunk(3).block(5).write();
        image.damage(rotten, 0);
        scan(0);
        assertThat(seqs).containsExactly(1L);
        assertThat(scanner.chainEnd(0)).isEqualTo(4);
        assertThat(scanner.mayHideChunks(0)).isTrue();
        assertThat(scanner.chainEnd(0)).isPositive();
        scan(1);
        assertThat(scanner.chainEnd(1)).isZero();
    }

    @Test
    void cache15WhatAnEarlierLapLeftBehindItIsNotOfTheChain() throws Exception {
        image.chunk(1).blocks(1, 2).write();
        image.chunk(2).blocks(4, 2).write();
        image.chunk(40).blocks(40, 2).at(33, 0).after(null).write();
        scan(0);
        assertThat(seqs).containsExactly(40L);
        assertThat(scanner.chainEnd(0)).isEqualTo(3);
    }

    @Test
    void aFullChunkCostsTheReadOfItsHeader() throws Exception {
        image.chunk(1).blocks(1, 15).write();
        scan(0);
        assertThat(device.counts().reads()).isEqualTo(1);
        assertThat(device.counts().bytesRead()).isEqualTo(Geometry.BLOCK_BYTES);
    }

    @Test
    void aSegmentOfSmallChunksIsReadInOneGo() throws Exception {
        for (int seq = 1; seq <= 8; seq++) {
            image.chunk(seq).block(seq).write();
        }
        scan(0);
        assertThat(seqs).hasSize(8);
        assertThat(device.counts().reads())
                .as("its first header, then all of it")
                .isEqualTo(2);
    }

    @Test
    void cache13ABadBlockInASegmentOfSmallChunksHidesNoHeader() throws Exception {
        for (int seq = 1; seq <= 8; seq++) {
            image.chunk(seq).block(seq).write();
        }
        faults.add(badBlock(image.geometry.byteOffset(5)));
        scan(0);
        assertThat(seqs).hasSize(8);
        assertThat(scanner.unread.isEmpty()).as("only headers are asked for").isTrue();
        assertThat(device.counts().reads())
                .as("one go, tried three times, then header by header")
                .isEqualTo(1 + 3 + 7);
    }

    @Test
    void whereAHeaderMayBeThatCanNotBeReadIsNoted() throws Exception {
        image.chunk(1).blocks(1, 5).write();
        Chunk second = image.chunk(2).block(4).write();
        faults.add(badBlock(second.byteOffset()));
        scan(0);
        assertThat(seqs).containsExactly(1L);
        assertThat(scanner.unread.stream()).containsExactly(second.position());
        assertThat(scanner.readHeader(second.position())).isEmpty();
    }

    @Test
    void aReadIsTriedThreeTimes() throws Exception {
        image.chunk(1).blocks(1, 15).write();
        faults.add(badBlock(image.geometry.byteOffset(0)).times(2));
        scan(0);
        assertThat(seqs).containsExactly(1L);
        faults.add(badBlock(image.geometry.byteOffset(0)).times(3));
        scan(0);
        assertThat(seqs).as("nothing came of the second look").hasSize(1);
    }

    // ---- searching ----

    @Test
    void aSearchFindsWhatABadHeaderHidesAndIsMadeOnce() throws Exception {
        Chunk rotten = image.chunk(1).block(1).write();
        image.chunk(2).block(2).write();
        image.damage(rotten, 0);
        scan(0);
        assertThat(scanner.searchSegment(0)).isTrue();
        assertThat(scanner.found.size()).isEqualTo(1);
        assertThat(scanner.found.bySearch(0)).isTrue();
        assertThat(scanner.mayHideChunks(0)).isFalse();
        scan(1);
        assertThat(scanner.searchSegment(1)).isFalse();
    }

    @Test
    void aSearchOfASegmentWithABadBlockGoesBlockByBlock() throws Exception {
        Chunk first = image.chunk(1).blocks(1, 3).write();
        Chunk second = image.chunk(2).block(2).write();
        faults.add(badBlock(first.byteOffset()));
        scan(0);
        assertThat(scanner.searchSegment(0)).isTrue();
        assertThat(scanner.found.place(0)).isEqualTo(second.position());
        assertThat(scanner.unread.stream()).containsExactly(first.position());
    }

    // ---- checkpoints ----

    /** It may hold a newer checkpoint than all that can be read. */
    @Test
    void anUnreadableSlotWhoseTwinHoldsNoCheckpointIsRefused() throws IOException {
        for (int slot = 2; slot < 4; slot++) {
            faults.clear();
            faults.add(badBlock(Geometry.checkpointByteOffset(slot)));
            assertThatThrownBy(() -> new LogScanner(faults, image.superblock).readCheckpoints())
                    .as("slot %s", slot)
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO));
        }
    }

    @Test
    void marksAndIncarnationsAreThoseOfAllCheckpoints() throws Exception {
        Incarnations table = new Incarnations();
        table.add(1, 1);
        table.add(2, 5);
        image.checkpoint(1, new Marks(9, 2, 3), false, 3, 7, table);
        assertThat(scanner.readCheckpoints()).extracting(Checkpoint::generation).containsExactly(1L, 1L, 0L, 0L);
        assertThat(scanner.marks()).isEqualTo(new Marks(9, 2, 3));
        assertThat(scanner.incarnations.voids(1, 5)).as("the table's").isTrue();
        assertThat(scanner.incarnations.voids(2, 7)).as("its own").isTrue();
        assertThat(scanner.incarnations.voids(2, 6)).isFalse();
    }
}
