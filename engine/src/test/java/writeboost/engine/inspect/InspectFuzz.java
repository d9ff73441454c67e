package writeboost.engine.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import writeboost.engine.cache.Progress;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.fuzz.FuzzInput;
import writeboost.engine.fuzz.FuzzTarget;
import writeboost.engine.log.FuzzImage;
import writeboost.engine.log.FuzzImageSeeds;

/**
 * A spoilt cache is inspected and verified, as if it were in use and not: it is refused with an exception for people, or
 * told of; nothing is written, and an image that nobody spoilt is sound.
 */
final class InspectFuzz extends FuzzTarget {
    private static final FuzzImage IMAGE = new FuzzImage();

    /** Of blocks: never written, in every chunk, in one, under a range. */
    private static final long[] ADDRESSES = {0, 7, 30, 110};

    static Stream<byte[]> seeds() {
        return FuzzImageSeeds.all();
    }

    @MethodSource("seeds")
    @FuzzTest(maxExecutions = IMAGE_RUNS, maxDuration = "")
    void fuzz(byte[] input) throws Exception {
        countAndRun(input);
    }

    @Override
    public void run(byte[] input) throws Exception {
        try {
            FuzzInput in = new FuzzInput(input);
            IMAGE.spoil(in);
            boolean served = input.length % 2 == 1;
            Verdict verdict = Inspection.verify(IMAGE.device(), served, Progress.NONE);
            assertThat(verdict.isSound()).isEqualTo(verdict.findings().isEmpty());
            assertThat(input.length > 0 || verdict.isSound()).isTrue();
            inspect(IMAGE.device(), served, input.length);
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotBlank();
        } finally {
            IMAGE.restore();
        }
    }

    private static void inspect(BlockDevice device, boolean served, int spoilt) throws IOException {
        Inspection inspection = Inspection.ofDevice(device, served, Progress.NONE);
        CacheSummary summary = inspection.summary();
        assertThat(summary.dirtyBlocks()).isBetween(0L, summary.capacityBlocks());
        for (SegmentInfo segment : inspection.segments()) {
            if (segment.id() > 0) {
                inspection
                        .segment(segment.id())
                        .ifPresent(content -> assertThat(content.chunks()).isNotNull());
            }
        }
        long address = ADDRESSES[spoilt % ADDRESSES.length];
        assertThat(inspection.block(address, Progress.NONE).address()).isEqualTo(address);
    }
}
