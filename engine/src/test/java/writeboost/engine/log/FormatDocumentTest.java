package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import writeboost.engine.device.DeviceIdentity;
import writeboost.engine.device.MemoryDevice;

/** What the engine writes and reads is what docs/format.md says, byte for byte. */
class FormatDocumentTest {
    private static final UUID CACHE = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    private static final UUID PAIR = UUID.fromString("0f0e0d0c-0b0a-0908-0706-050403020100");
    private static final long CACHE_BYTES = 64 << 20;
    private static final long BACKING_BYTES = 1L << 45;
    private static final long MADE_MS = 1_767_225_600_000L;
    private static final Geometry GEOMETRY = Geometry.of(CACHE_BYTES, 128);
    private static final int CRC_OF_ZEROS = 0x98F94189;

    private final Crc crc = new Crc();

    private static Superblock superblock() {
        return new Superblock(
                CACHE,
                PAIR,
                new DeviceIdentity("cache", "usb-SSD-1", "S123", CACHE_BYTES),
                new DeviceIdentity("", "usb-HDD-1", "H456", BACKING_BYTES),
                512,
                GEOMETRY,
                MADE_MS);
    }

    private static int dataCrc() throws Exception {
        return new Crc().of(FormatExample.block("6.3 Chunk", 1), 0, Geometry.BLOCK_BYTES);
    }

    private static Checkpoint checkpoint() throws Exception {
        Incarnations table = new Incarnations();
        table.add(2, 7);
        table.add(3, 41);
        Fingerprint fingerprint = Fingerprint.unknown(BACKING_BYTES);
        fingerprint.set(0, CRC_OF_ZEROS);
        fingerprint.set(1, dataCrc());
        return new Checkpoint(5, 3, 41, new Marks(44, 40, 12), MADE_MS + 60_000, true, table, fingerprint);
    }

    @Test
    void theSuperblockOfTheExampleIsWhatIsWritten() throws Exception {
        assertThat(superblock().encode()).isEqualTo(FormatExample.block("6.1 Superblock", 0));
    }

    @Test
    void theSuperblockOfTheExampleIsReadAtEitherPlace() throws Exception {
        for (long at : new long[] {0, 67_104_768}) {
            MemoryDevice device = new MemoryDevice("cache", CACHE_BYTES);
            device.write(at, FormatExample.block("6.1 Superblock", 0));
            assertThat(Superblock.read(device)).contains(superblock());
        }
    }

    @Test
    void theCheckpointOfTheExampleIsWhatIsWritten() throws Exception {
        ByteBuffer bytes = Blocks.allocate(Geometry.CHECKPOINT_BLOCKS);
        assertThat(checkpoint().encode(CACHE, bytes, crc)).isEqualTo(4096);
        assertThat(bytes.limit(4096)).isEqualTo(FormatExample.block("6.2 Checkpoint", 0));
    }

    @Test
    void theCheckpointOfTheExampleIsRead() throws Exception {
        ByteBuffer slot = Blocks.allocate(Geometry.CHECKPOINT_BLOCKS);
        slot.put(0, FormatExample.block("6.2 Checkpoint", 0), 0, 4096);
        Checkpoint read = Checkpoint.decode(CACHE, slot, crc).orElseThrow();
        assertThat(read)
                .usingRecursiveComparison()
                .ignoringFields("incarnations")
                .isEqualTo(checkpoint());
        assertThat(read.incarnations().size()).isEqualTo(2);
        assertThat(read.incarnations().number(0)).isEqualTo(2);
        assertThat(read.incarnations().firstSeq(0)).isEqualTo(7);
        assertThat(read.incarnations().firstSeq(1)).isEqualTo(41);
        assertThat(Geometry.checkpointByteOffset(2)).isEqualTo(131_072);
    }

    @Test
    void theChunkOfTheExampleIsWhatIsWritten() throws Exception {
        ChunkBuffer before = new ChunkBuffer(0, 128);
        before.open(43, 127, 0, MADE_MS);
        before.addBlock(9, EntryKind.STAGED, 0xFF, 0, CRC_OF_ZEROS);
        before.encodeEntries(new byte[0], 0);
        byte[] copy = new byte[ChunkHeader.ENTRY_BYTES];
        before.copyEntries(copy);

        ChunkBuffer chunk = new ChunkBuffer(1, 128);
        chunk.open(44, 127, 0, MADE_MS + 30_000);
        chunk.addBlock((1L << 32) + 7, EntryKind.WRITTEN, 0x3C, 0x0C, dataCrc());
        chunk.addRange(4096, 1_000_000, EntryKind.TRIM);
        chunk.memory().put(ChunkBuffer.dataAt(0), FormatExample.block("6.3 Chunk", 1), 0, 4096);
        chunk.encodeEntries(copy, 1);
        chunk.reason = CloseReason.FLUSH;
        chunk.segmentId = 130;
        chunk.offset = 9;
        chunk.previousDataBlocks = 1;
        chunk.previousSegmentId = 130;
        chunk.previousOffset = 7;
        chunk.previousIncarnation = 3;
        chunk.encodeHeader(CACHE, GEOMETRY.slotOf(130), 3, 41, new Marks(43, 40, 12), 4, true);

        assertThat(chunk.lengthBytes()).isEqualTo(8192);
        assertThat(chunk.memory().slice(0, 4096)).isEqualTo(FormatExample.block("6.3 Chunk", 0));
        assertThat(chunk.memory().slice(4096, 4096)).isEqualTo(FormatExample.block("6.3 Chunk", 1));
        assertThat(GEOMETRY.byteOffset(GEOMETRY.position(3, 9))).isEqualTo(2_134_016);
    }

    @Test
    void theChunkOfTheExampleIsRead() throws Exception {
        ByteBuffer block = FormatExample.block("6.3 Chunk", 0);
        ChunkHeader h = ChunkHeader.decode(block, 0, CACHE, GEOMETRY, 3, 9, crc).orElseThrow();
        assertThat(h.segmentId()).isEqualTo(130);
        assertThat(h.offset()).isEqualTo(9);
        assertThat(h.seq()).isEqualTo(44);
        assertThat(h.incarnation()).isEqualTo(3);
        assertThat(h.firstSeq()).isEqualTo(41);
        assertThat(h.dataBlocks()).isEqualTo(1);
        assertThat(h.marks()).isEqualTo(new Marks(43, 40, 12));
        assertThat(h.generation()).isEqualTo(4);
        assertThat(h.wallTimeMs()).isEqualTo(MADE_MS + 30_000);
        assertThat(h.reason()).isEqualTo(CloseReason.FLUSH);
        assertThat(h.flushPoint()).isTrue();
        assertThat(h.entries().count()).isEqualTo(2);
        assertThat(h.entries().address(0)).isEqualTo((1L << 32) + 7);
        assertThat(h.entries().kind(0)).isEqualTo(EntryKind.WRITTEN);
        assertThat(h.entries().valid(0)).isEqualTo(0x3C);
        assertThat(h.entries().dirty(0)).isEqualTo(0x0C);
        assertThat(h.entries().crc(0)).isEqualTo(dataCrc());
        assertThat(h.entries().address(1)).isEqualTo(4096);
        assertThat(h.entries().kind(1)).isEqualTo(EntryKind.TRIM);
        assertThat(h.entries().lengthBlocks(1)).isEqualTo(1_000_000);
        assertThat(h.previous().segmentId()).isEqualTo(130);
        assertThat(h.previous().offset()).isEqualTo(7);
        assertThat(h.previous().incarnation()).isEqualTo(3);
        assertThat(h.previous().dataBlocks()).isEqualTo(1);
        assertThat(h.previous().entries().address(0)).isEqualTo(9);
        assertThat(h.previous().entries().kind(0)).isEqualTo(EntryKind.STAGED);
        assertThat(h.previous().entries().crc(0)).isEqualTo(CRC_OF_ZEROS);
    }

    @Test
    void theLimitsThatTheDocumentNamesAreThoseOfTheCode() throws Exception {
        assertThat(FormatExample.document())
                .contains("number *M* of entries (at most " + ChunkHeader.MAX_ENTRIES + ")")
                .contains("number, first seq; at most 1,900")
                .contains("number *P* of fingerprint blocks (at most " + Fingerprint.MAX_BLOCKS + ")")
                .contains("| 16..47 | four checkpoint slots of 8 blocks each");
        assertThat(Checkpoint.MAX_INCARNATIONS).isEqualTo(1900);
        for (CloseReason reason : CloseReason.values()) {
            assertThat(CloseReason.of(reason.number())).isEqualTo(reason);
        }
    }
}
