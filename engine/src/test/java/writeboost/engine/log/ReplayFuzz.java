package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.fuzz.FuzzInput;
import writeboost.engine.fuzz.FuzzTarget;

/**
 * A spoilt cache is replayed: it is refused with an exception for people, or read; nothing is written. Of one that is
 * merely damaged, what is read is what was there: an unbroken run of its chunks, each with its own entries.
 */
final class ReplayFuzz extends FuzzTarget {
    private static final FuzzImage IMAGE = new FuzzImage();

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
            IMAGE.spoil(new FuzzInput(input));
            replay(IMAGE.device());
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotBlank();
        } finally {
            IMAGE.restore();
        }
    }

    private static void replay(BlockDevice device) throws IOException {
        Optional<Superblock> superblock = Superblock.read(device);
        if (superblock.isEmpty()) {
            return;
        }
        Replay replay = new Replay(device, superblock.get());
        replay.read((done, total) -> true);
        long[] last = {replay.marks().oldest() - 1};
        replay.deliver((seq, first, dataBlocks, ranges) -> {
            assertThat(seq).isEqualTo(last[0] + 1);
            last[0] = seq;
            if (!IMAGE.isHostile()) {
                checkChunk(replay.entries(), seq, first, dataBlocks, ranges);
            }
        });
        if (!IMAGE.isHostile()) {
            assertThat(last[0]).isLessThanOrEqualTo(FuzzImage.chunks());
            assertThat(replay.marks().oldest()).isBetween(1L, replay.marks().tail() + 1);
        }
    }

    /** The chunk is as {@link FuzzImage} made it. */
    private static void checkChunk(EntryTable entries, long seq, int first, int dataBlocks, List<RangeEntry> ranges) {
        assertThat(dataBlocks).isEqualTo((int) (2 + seq % 5));
        for (int i = 0; i < dataBlocks - 1; i++) {
            checkEntry(entries, first + i, seq * 3 + i, seq);
        }
        checkEntry(entries, first + dataBlocks - 1, 7, seq);
        assertThat(ranges).hasSize(seq % 3 == 0 ? 1 : 0);
    }

    private static void checkEntry(EntryTable entries, int position, long address, long seq) {
        assertThat(entries.address(position)).isEqualTo(address);
        assertThat(entries.crc(position)).isEqualTo(FuzzImage.contentCrc(address, seq));
    }
}
