package writeboost.engine.log;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import writeboost.engine.benchmarks.Blocks4K;

/** The checksum of a block, and of a header that holds its own. */
@State(Scope.Thread)
public class ChecksumBenchmark {
    /** More than the processor's first cache holds, as the payloads of a batch of requests are. */
    private static final int BLOCKS = 64;

    private final Crc crc = new Crc();
    private final ByteBuffer data = Blocks4K.random(BLOCKS);
    private int next;

    /** One block. */
    @Benchmark
    public int block() {
        next = (next + 1) % BLOCKS;
        return crc.of(data, next * BLOCK_BYTES, BLOCK_BYTES);
    }

    /** A header of the log. */
    @Benchmark
    public int structure() {
        next = (next + 1) % BLOCKS;
        return crc.ofStructure(data, next * BLOCK_BYTES, BLOCK_BYTES, ChunkHeader.CRC_AT);
    }
}
