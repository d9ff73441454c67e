package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever a block holds, decoding it ends with a header written for exactly this place, or with empty. */
class ChunkHeaderTest {
    private static final UUID CACHE = new UUID(5, 6);
    private static final Geometry GEOMETRY = new Geometry(16, 40);
    private static final int SLOT = 2;
    private static final int OFFSET = 4;

    private final Crc crc = new Crc();
    private ByteBuffer block = Blocks.allocate(1);

    @BeforeEach
    void encode() {
        ChunkBuffer before = new ChunkBuffer(0, 16);
        before.open(76, 15, 0, 0);
        before.addBlock(1, EntryKind.STAGED, 0xFF, 0, 111);
        before.addBlock(2, EntryKind.LOST, 0x0F, 0x0F, 222);
        byte[] copy = new byte[ChunkHeader.MAX_ENTRIES * ChunkHeader.ENTRY_BYTES];
        before.encodeEntries(copy, 0);
        before.copyEntries(copy);
        ChunkBuffer c = new ChunkBuffer(1, 16);
        c.open(77, 11, 0, 4444);
        c.addBlock(10, EntryKind.WRITTEN, 0xFF, 0xF0, -3);
        c.addRange(20, (1L << 40) - 1, EntryKind.ZERO_NO_HOLE);
        c.addBlock((1L << 40) - 1, EntryKind.REINSERTED, 0x81, 0x80, 5);
        c.encodeEntries(copy, 2);
        c.reason = CloseReason.WRITEBACK;
        c.segmentId = 3 + 40;
        c.offset = OFFSET;
        c.previousDataBlocks = 2;
        c.previousSegmentId = 3 + 40;
        c.previousOffset = 1;
        c.previousIncarnation = 8;
        c.encodeHeader(CACHE, SLOT, 9, 70, new Marks(75, 60, 50), 33, false);
        block = c.memory().slice(0, Geometry.BLOCK_BYTES).order(c.memory().order());
    }

    private Optional<ChunkHeader> decode() {
        return ChunkHeader.decode(block, 0, CACHE, GEOMETRY, SLOT, OFFSET, crc);
    }

    private void sign() {
        block.putInt(12, crc.ofStructure(block, 0, Geometry.BLOCK_BYTES, 12));
    }

    @Test
    void whatIsWrittenIsRead() {
        ChunkHeader h = decode().orElseThrow();
        assertThat(h.segmentId()).isEqualTo(43);
        assertThat(h.offset()).isEqualTo(4);
        assertThat(h.seq()).isEqualTo(77);
        assertThat(h.incarnation()).isEqualTo(9);
        assertThat(h.firstSeq()).isEqualTo(70);
        assertThat(h.dataBlocks()).isEqualTo(2);
        assertThat(h.marks()).isEqualTo(new Marks(75, 60, 50));
        assertThat(h.generation()).isEqualTo(33);
        assertThat(h.wallTimeMs()).isEqualTo(4444);
        assertThat(h.reason()).isEqualTo(CloseReason.WRITEBACK);
        assertThat(h.flushPoint()).isFalse();
        ChunkHeader.Entries e = h.entries();
        assertThat(e.count()).isEqualTo(3);
        assertThat(e.address(0)).isEqualTo(10);
        assertThat(e.valid(0)).isEqualTo(0xFF);
        assertThat(e.dirty(0)).isEqualTo(0xF0);
        assertThat(e.crc(0)).isEqualTo(-3);
        assertThat(e.kind(1)).isEqualTo(EntryKind.ZERO_NO_HOLE);
        assertThat(e.address(1)).isEqualTo(20);
        assertThat(e.lengthBlocks(1)).isEqualTo((1L << 40) - 1);
        assertThat(e.address(2)).isEqualTo((1L << 40) - 1);
        assertThat(e.kind(2)).isEqualTo(EntryKind.REINSERTED);
        assertThat(e.valid(2)).isEqualTo(0x81);
        ChunkHeader.Previous p = h.previous();
        assertThat(p.segmentId()).isEqualTo(43);
        assertThat(p.offset()).isEqualTo(1);
        assertThat(p.incarnation()).isEqualTo(8);
        assertThat(p.dataBlocks()).isEqualTo(2);
        assertThat(p.entries().count()).isEqualTo(2);
        assertThat(p.entries().kind(1)).isEqualTo(EntryKind.LOST);
        assertThat(p.entries().crc(1)).isEqualTo(222);
    }

    @Test
    void theMostEntriesOfTwoChunksFitOneHeader() {
        assertThat(ChunkHeader.MAX_ENTRIES).isEqualTo(160);
        ChunkBuffer c = new ChunkBuffer(1, 16);
        c.open(1, 15, 0, 0);
        for (int i = 0; i < ChunkHeader.MAX_ENTRIES; i++) {
            assertThat(c.isFull()).isFalse();
            c.addRange(i, 1, EntryKind.TRIM);
        }
        assertThat(c.isFull()).isTrue();
        byte[] copy = new byte[ChunkHeader.MAX_ENTRIES * ChunkHeader.ENTRY_BYTES];
        c.encodeEntries(copy, 0);
        c.copyEntries(copy);
        c.encodeEntries(copy, ChunkHeader.MAX_ENTRIES);
        c.previousSegmentId = 1;
        c.segmentId = 3;
        c.offset = OFFSET;
        c.encodeHeader(CACHE, SLOT, 1, 1, new Marks(0, 0, 1), 0, true);
        ChunkHeader h = ChunkHeader.decode(c.memory(), 0, CACHE, GEOMETRY, SLOT, OFFSET, crc)
                .orElseThrow();
        assertThat(h.entries().count()).isEqualTo(160);
        assertThat(h.entries().address(159)).isEqualTo(159);
        assertThat(h.previous().entries().count()).isEqualTo(160);
        assertThat(h.previous().entries().address(159)).isEqualTo(159);
        assertThat(h.flushPoint()).isTrue();
    }

    @Test
    void entriesAreKeptWhenTheBufferIsReused() {
        ChunkHeader h = decode().orElseThrow();
        Blocks.zero(block, 0, Geometry.BLOCK_BYTES);
        assertThat(h.entries().address(0)).isEqualTo(10);
        assertThat(h.previous().entries().address(0)).isEqualTo(1);
    }

    @Test
    void everyFlippedBitOfAHeaderIsRejected() {
        for (int at = 0; at < Geometry.BLOCK_BYTES; at++) {
            byte right = block.get(at);
            for (int bit = 0; bit < 8; bit += at < 512 ? 1 : 7) {
                block.put(at, (byte) (right ^ 1 << bit));
                assertThat(decode()).as("byte %s, bit %s", at, bit).isEmpty();
            }
            block.put(at, right);
        }
        assertThat(decode()).isPresent();
    }

    @Test
    void aHeaderOfAnotherPlaceOrCacheIsRejected() {
        assertThat(ChunkHeader.decode(block, 0, CACHE, GEOMETRY, SLOT + 1, OFFSET, crc))
                .isEmpty();
        assertThat(ChunkHeader.decode(block, 0, CACHE, GEOMETRY, SLOT, OFFSET + 1, crc))
                .isEmpty();
        assertThat(ChunkHeader.decode(block, 0, new UUID(5, 7), GEOMETRY, SLOT, OFFSET, crc))
                .isEmpty();
        Geometry other = new Geometry(16, 39);
        assertThat(ChunkHeader.decode(block, 0, CACHE, other, SLOT, OFFSET, crc))
                .as("the id would lie in another slot")
                .isEmpty();
    }

    @Test
    void impossibleFieldsWithARightChecksumAreRejected() {
        Object[][] changes = {
            {32, 0L},
            {32, -1L},
            {32, 44L},
            {32, Long.MIN_VALUE},
            {32, Long.MAX_VALUE},
            {48, 0L},
            {48, -5L},
            {48, 75L},
            {48, Long.MIN_VALUE},
            {64, 78L},
            {64, Long.MAX_VALUE},
            {80, 77L},
            {80, 59L},
            {80, Long.MAX_VALUE},
            {80, -1L},
            {88, 76L},
            {88, 48L},
            {88, Long.MAX_VALUE},
            {88, Long.MIN_VALUE},
            {96, 0L},
            {96, 62L},
            {96, Long.MIN_VALUE},
            {96, Long.MAX_VALUE},
            {72, -1},
            {72, 12},
            {72, 1},
            {72, 3},
            {72, Integer.MAX_VALUE},
            {72, Integer.MIN_VALUE},
            {76, 0},
            {76, -1},
            {76, 161},
            {76, 2},
            {76, 4},
            {76, Integer.MAX_VALUE},
            {124, -1},
            {124, 1},
            {124, 3},
            {124, 100},
            {124, Integer.MAX_VALUE},
            {128, 0L},
            {128, -9L},
            {136, -1},
            {136, 14},
            {136, Integer.MAX_VALUE},
        };
        for (Object[] change : changes) {
            encode();
            if (change[1] instanceof Long value) {
                block.putLong((int) change[0], value);
            } else {
                block.putInt((int) change[0], (int) change[1]);
            }
            sign();
            assertThat(decode()).as("%s at %s", change[1], change[0]).isEmpty();
        }
        for (int count : new int[] {161, 1, 3, 0xFFFF}) {
            encode();
            block.putShort(122, (short) count);
            sign();
            assertThat(decode()).as("%s entries before", count).isEmpty();
        }
    }

    @Test
    void entriesOfUnknownKindOrImpossibleContentAreRejected() {
        for (int entry : new int[] {0, 1, 2, 3, 4}) {
            for (int kind : new int[] {0, 8, 127, -1, -128}) {
                encode();
                block.put(ChunkHeader.ENTRIES_AT + entry * ChunkHeader.ENTRY_BYTES + 5, (byte) kind);
                sign();
                assertThat(decode()).as("kind %s of entry %s", kind, entry).isEmpty();
            }
        }
        encode();
        Blocks.zero(block, ChunkHeader.ENTRIES_AT + ChunkHeader.ENTRY_BYTES + 6, 5);
        sign();
        assertThat(decode()).as("a range without length").isEmpty();
        encode();
        block.put(ChunkHeader.ENTRIES_AT + 6, (byte) 0x0F);
        sign();
        assertThat(decode()).as("dirty sectors that are not valid").isEmpty();
    }

    @Test
    @Tag("slow")
    void hostileHeadersNeverThrowAndWhatIsTakenFits() {
        Random random = new Random(20_261_120);
        byte[] noise = new byte[400];
        int taken = 0;
        for (int run = 0; run < 20_000; run++) {
            encode();
            for (int change = random.nextInt(4); change >= 0; change--) {
                random.nextBytes(noise);
                int length = 1 + random.nextInt(random.nextBoolean() ? 4 : 64);
                block.put(16 + random.nextInt(600), noise, 0, length);
            }
            if (random.nextInt(4) > 0) {
                Superblock.putUuid(block, 16, CACHE);
                block.putInt(40, SLOT).putInt(44, OFFSET);
            }
            if (random.nextBoolean()) {
                block.putLong(32, 3 + 40L * random.nextInt(9));
                block.putInt(72, random.nextInt(14) - 1).putInt(76, random.nextInt(10) - 1);
            }
            sign();
            Optional<ChunkHeader> h = decode();
            h.ifPresent(ChunkHeaderTest::assertFits);
            taken += h.isPresent() ? 1 : 0;
        }
        assertThat(taken).as("some must get through, or this shows nothing").isGreaterThan(100);
    }

    private static void assertFits(ChunkHeader h) {
        assertThat(GEOMETRY.slotOf(h.segmentId())).isEqualTo(SLOT);
        assertThat(h.dataBlocks()).isBetween(0, 11);
        assertThat(h.seq()).isPositive();
        assertThat(h.marks().durable()).isLessThan(h.seq());
        assertThat(h.marks().oldest()).isBetween(1L, h.marks().tail() + 1);
        assertFits(h.entries(), h.dataBlocks());
        if (h.previous().entries().count() > 0) {
            assertThat(GEOMETRY.slotOf(h.previous().segmentId())).isBetween(0, 39);
            assertThat(h.previous().offset() + 1 + h.previous().dataBlocks()).isBetween(1, 16);
            assertFits(h.previous().entries(), h.previous().dataBlocks());
        }
    }

    private static void assertFits(ChunkHeader.Entries entries, int dataBlocks) {
        assertThat(entries.count()).isBetween(1, ChunkHeader.MAX_ENTRIES);
        int blocks = 0;
        for (int i = 0; i < entries.count(); i++) {
            assertThat(entries.address(i)).isBetween(0L, (1L << 40) - 1);
            assertThat(EntryKind.isKnown(entries.kind(i))).isTrue();
            if (EntryKind.isRange(entries.kind(i))) {
                assertThat(entries.lengthBlocks(i)).isPositive();
            } else {
                assertThat(entries.dirty(i) & ~entries.valid(i)).isZero();
                blocks++;
            }
        }
        assertThat(blocks).isEqualTo(dataBlocks);
    }

    @Test
    void aHeaderIsFoundAnywhereInALargerBuffer() {
        ByteBuffer segment = Blocks.allocate(32);
        segment.put(OFFSET * Geometry.BLOCK_BYTES, block, 0, Geometry.BLOCK_BYTES);
        segment.position(100).limit(70_000);
        assertThat(ChunkHeader.decode(segment, OFFSET * Geometry.BLOCK_BYTES, CACHE, GEOMETRY, SLOT, OFFSET, crc))
                .isPresent();
        assertThat(segment.position()).isEqualTo(100);
        assertThat(segment.limit()).isEqualTo(70_000);
    }

    @Test
    void whatResemblesAHeaderHasSomeOfItsFieldsRight() {
        assertThat(ChunkHeader.resemblance(block, CACHE, GEOMETRY, SLOT, OFFSET))
                .isEqualTo(6);
        assertThat(ChunkHeader.resemblance(Blocks.allocate(1), CACHE, GEOMETRY, SLOT, OFFSET))
                .isZero();
        for (int at : new int[] {0, 8, 16, 32, 40, 44}) { // magic, version, cache, segment id, slot, offset
            byte right = block.get(at);
            block.put(at, (byte) (right ^ 4));
            assertThat(ChunkHeader.resemblance(block, CACHE, GEOMETRY, SLOT, OFFSET))
                    .as("all but that at %s", at)
                    .isEqualTo(5);
            block.put(at, right);
        }
        block.putLong(32, 1);
        assertThat(ChunkHeader.resemblance(block, CACHE, GEOMETRY, 0, OFFSET))
                .as("the first segment of all, and another slot")
                .isEqualTo(5);
        block.putLong(32, -39);
        assertThat(ChunkHeader.resemblance(block, CACHE, GEOMETRY, 0, OFFSET))
                .as("no segment has that id")
                .isEqualTo(4);
    }
}
