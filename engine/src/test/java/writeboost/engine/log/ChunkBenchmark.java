package writeboost.engine.log;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;
import static writeboost.engine.log.Geometry.SEGMENT_BLOCKS;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import writeboost.engine.benchmarks.Blocks4K;

/** A chunk from its first block to the bytes that are written; a full one, so figures are those of one block of it. */
@State(Scope.Thread)
public class ChunkBenchmark {
    private static final int DATA_BLOCKS = SEGMENT_BLOCKS - 1;
    private static final int SOURCES = 32;

    private final ChunkBuffer chunk = new ChunkBuffer(0, SEGMENT_BLOCKS);
    private final ByteBuffer payloads = Blocks4K.random(SOURCES);
    private final byte[] before = new byte[ChunkHeader.MAX_ENTRIES * ChunkHeader.ENTRY_BYTES];
    private final UUID cache = new UUID(1, 2);
    private final Marks marks = new Marks(3, 2, 1);
    private long seq = 3;

    public ChunkBenchmark() {
        build();
    }

    /** Blocks with their data are added until the chunk is full; then its entries and its header are encoded. */
    @Benchmark
    @OperationsPerInvocation(DATA_BLOCKS)
    public int build() {
        open();
        for (int i = 0; i < DATA_BLOCKS; i++) {
            int data = chunk.addBlock(Blocks4K.scatter(i) >>> 28, EntryKind.WRITTEN, 0xFF, 0xFF, i);
            chunk.memory.put(ChunkBuffer.dataAt(data), payloads, i % SOURCES * BLOCK_BYTES, BLOCK_BYTES);
        }
        return encode();
    }

    /** The same without the data. */
    @Benchmark
    @OperationsPerInvocation(DATA_BLOCKS)
    public int entriesOnly() {
        open();
        for (int i = 0; i < DATA_BLOCKS; i++) {
            chunk.addBlock(Blocks4K.scatter(i) >>> 28, EntryKind.WRITTEN, 0xFF, 0xFF, i);
        }
        return encode();
    }

    private void open() {
        chunk.state = ChunkBuffer.State.FREE;
        chunk.open(++seq, DATA_BLOCKS, seq, seq);
    }

    private int encode() {
        chunk.segmentId = seq;
        chunk.encodeEntries(before, DATA_BLOCKS);
        chunk.copyEntries(before);
        chunk.encodeHeader(cache, 0, 1, 1, marks, 1, false);
        return chunk.memory.getInt(ChunkHeader.CRC_AT);
    }
}
