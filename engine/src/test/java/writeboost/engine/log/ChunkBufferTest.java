package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChunkBufferTest {
    private final ChunkBuffer buffer = new ChunkBuffer(3, 16);

    @BeforeEach
    void open() {
        buffer.open(12, 4, 100, 200);
    }

    @Test
    void entriesAreKnownByTheirDataBlockWhateverRangesLieBetween() {
        assertThat(buffer.addBlock(7, EntryKind.WRITTEN, 0xFF, 0x0F, 70)).isZero();
        buffer.addRange(50, 5, EntryKind.TRIM);
        assertThat(buffer.addBlock(8, EntryKind.STAGED, 0xF0, 0, 80)).isEqualTo(1);
        assertThat(buffer.dataBlocks()).isEqualTo(2);
        assertThat(buffer.address(0)).isEqualTo(7);
        assertThat(buffer.dirty(0)).isEqualTo(0x0F);
        assertThat(buffer.address(1)).isEqualTo(8);
        assertThat(buffer.kind(1)).isEqualTo(EntryKind.STAGED);
        assertThat(buffer.valid(1)).isEqualTo(0xF0);
        assertThat(buffer.crc(1)).isEqualTo(80);
        assertThat(buffer.lengthBytes()).isEqualTo(3 * 4096);
        assertThat(ChunkBuffer.dataAt(1)).isEqualTo(2 * 4096);
    }

    @Test
    void itIsFullAtItsLimitOfDataBlocks() {
        for (int i = 0; i < 4; i++) {
            assertThat(buffer.isFull()).isFalse();
            buffer.addBlock(i, EntryKind.WRITTEN, 0xFF, 0xFF, 0);
        }
        assertThat(buffer.isFull()).isTrue();
    }

    @Test
    void itIsFullAtItsLimitOfEntries() {
        buffer.addBlock(1, EntryKind.WRITTEN, 0xFF, 0xFF, 0);
        for (int i = 1; i < ChunkHeader.MAX_ENTRIES; i++) {
            assertThat(buffer.isFull()).isFalse();
            buffer.addRange(i, 1, EntryKind.TRIM);
        }
        assertThat(buffer.isFull()).isTrue();
    }

    @Test
    void anEntryCanBeOverwrittenInPlace() {
        int data = buffer.addBlock(7, EntryKind.WRITTEN, 0x01, 0x01, 70);
        buffer.addRange(1, 1, EntryKind.TRIM);
        buffer.set(data, 0x03, 0x02, 71);
        assertThat(buffer.valid(data)).isEqualTo(3);
        assertThat(buffer.dirty(data)).isEqualTo(2);
        assertThat(buffer.crc(data)).isEqualTo(71);
        assertThat(buffer.address(data)).isEqualTo(7);
    }

    @Test
    void whatAnEntrySupersedesIsForgottenWhenTheBufferIsReused() {
        buffer.addBlock(7, EntryKind.WRITTEN, 0xFF, 0xFF, 0);
        buffer.setOlder(0, 5, 3, -9);
        assertThat(buffer.olderSeq(0)).isEqualTo(5);
        assertThat(buffer.olderData(0)).isEqualTo(3);
        assertThat(buffer.olderRam(0)).isEqualTo(-9);
        buffer.state = ChunkBuffer.State.FREE;
        buffer.open(13, 4, 0, 0);
        buffer.addBlock(8, EntryKind.WRITTEN, 0xFF, 0xFF, 0);
        assertThat(buffer.olderSeq(0)).isZero();
    }

    @Test
    void openedAgainItIsEmpty() {
        buffer.addBlock(7, EntryKind.WRITTEN, 0xFF, 0xFF, 0);
        buffer.state = ChunkBuffer.State.FREE;
        buffer.open(13, 9, 300, 400);
        assertThat(buffer.dataBlocks()).isZero();
        assertThat(buffer.isFull()).isFalse();
        assertThat(buffer.seq()).isEqualTo(13);
        assertThat(buffer.openedMs()).isEqualTo(400);
    }

    @Test
    void onlyAFreeBufferIsOpened() {
        assertThatThrownBy(() -> buffer.open(13, 4, 0, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void encodingAgainForAnotherPlaceChangesNothingButThePlace() {
        Geometry geometry = new Geometry(16, 40);
        buffer.addBlock(7, EntryKind.WRITTEN, 0xFF, 0x0F, 70);
        buffer.encodeEntries(new byte[0], 0);
        ChunkHeader first = encodeAt(geometry, 1, 0);
        ChunkHeader second = encodeAt(geometry, 6, 0);
        assertThat(second.segmentId()).isEqualTo(6);
        assertThat(second)
                .usingRecursiveComparison()
                .ignoringFields("segmentId", "offset")
                .isEqualTo(first);
    }

    private ChunkHeader encodeAt(Geometry geometry, long segmentId, int offset) {
        buffer.segmentId = segmentId;
        buffer.offset = offset;
        int slot = geometry.slotOf(segmentId);
        buffer.encodeHeader(LogImage.CACHE, slot, 1, 1, new Marks(0, 0, 1), 0, false);
        return ChunkHeader.decode(buffer.memory(), 0, LogImage.CACHE, geometry, slot, offset, new Crc())
                .orElseThrow();
    }
}
