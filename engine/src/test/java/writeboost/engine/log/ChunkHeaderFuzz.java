package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import writeboost.engine.fuzz.FuzzInput;
import writeboost.engine.fuzz.FuzzTarget;

/** A chunk header of any content: none, or one that fits its place, and whose entries can be taken over as they are. */
final class ChunkHeaderFuzz extends FuzzTarget {
    private static final int SLOT = 0;
    private static final int OFFSET = 4;
    private static final byte[] VALID = valid();
    private static final Geometry GEOMETRY = new Geometry(LogImage.SEGMENT_BLOCKS, LogImage.SEGMENTS);

    private static byte[] valid() {
        try {
            LogImage image = new LogImage();
            image.chunk(1).blocks(10, 3).write();
            LogImage.Chunk chunk =
                    image.chunk(2).blocks(5, 4).range(EntryKind.TRIM, 100, 50).block(9);
            chunk.write();
            assertThat(chunk.offset()).isEqualTo(OFFSET);
            byte[] header = new byte[BLOCK_BYTES];
            chunk.bytes().get(0, header);
            return header;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<byte[]> seeds() {
        return StructureSeeds.of(
                0, 8, 12, 16, 32, 40, 44, 48, 56, 64, 72, 76, 80, 88, 96, 104, 112, 120, 121, 122, 124, 128, 136, 144,
                256, 260, 261, 262, 264, 268, 316, 320, 328, 340);
    }

    @MethodSource("seeds")
    @FuzzTest(maxExecutions = RUNS, maxDuration = "")
    void fuzz(byte[] input) throws Exception {
        countAndRun(input);
    }

    @Override
    public void run(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        int mode = in.next();
        ByteBuffer block = Blocks.allocate(1).put(0, VALID);
        StructureSeeds.spoilt(block, in);
        if ((mode & 1) != 0) {
            block.putInt(ChunkHeader.CRC_AT, new Crc().ofStructure(block, 0, BLOCK_BYTES, ChunkHeader.CRC_AT));
        }
        decode(block, LogImage.CACHE, SLOT, OFFSET).ifPresent(header -> {
            check(header);
            assertThat(decode(block, LogImage.CACHE, SLOT + 1, OFFSET)).isEmpty();
            assertThat(decode(block, LogImage.CACHE, SLOT, OFFSET + 1)).isEmpty();
            assertThat(decode(block, new UUID(7, 7), SLOT, OFFSET)).isEmpty();
            block.put(100, (byte) (block.get(100) ^ 1));
            assertThat(decode(block, LogImage.CACHE, SLOT, OFFSET)).isEmpty();
        });
    }

    private static Optional<ChunkHeader> decode(ByteBuffer block, UUID cache, int slot, int offset) {
        return ChunkHeader.decode(block, 0, cache, GEOMETRY, slot, offset, new Crc());
    }

    private static void check(ChunkHeader header) {
        assertThat(GEOMETRY.slotOf(header.segmentId())).isEqualTo(SLOT);
        assertThat(header.offset() + header.dataBlocks()).isLessThan(GEOMETRY.segmentBlocks());
        assertThat(header.marks().durable()).isLessThan(header.seq());
        assertThat(header.firstSeq()).isLessThanOrEqualTo(header.seq());
        LogContent content = new LogContent(GEOMETRY);
        content.apply(header.seq(), header.entries(), GEOMETRY.position(SLOT, OFFSET));
        for (int i = 0; i < header.dataBlocks(); i++) {
            int position = GEOMETRY.position(SLOT, OFFSET + 1 + i);
            assertThat(content.entries().dirty(position) & ~content.entries().valid(position))
                    .isZero();
        }
        for (RangeEntry range : content.rangesAt(GEOMETRY.position(SLOT, OFFSET))) {
            assertThat(range.lengthBlocks()).isPositive();
            assertThat(range.endAddress()).isGreaterThan(range.address());
        }
        ChunkHeader.Previous previous = header.previous();
        if (previous.entries().count() > 0) {
            content.apply(
                    header.seq() - 1,
                    previous.entries(),
                    GEOMETRY.position(GEOMETRY.slotOf(previous.segmentId()), previous.offset()));
        }
    }
}
