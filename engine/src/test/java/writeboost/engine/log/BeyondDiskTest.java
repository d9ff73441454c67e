package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import writeboost.engine.cache.Progress;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.inspect.EntryInfo;
import writeboost.engine.inspect.EntryState;
import writeboost.engine.inspect.Finding;
import writeboost.engine.inspect.Finding.Part;
import writeboost.engine.inspect.Finding.Stake;
import writeboost.engine.inspect.Inspection;
import writeboost.engine.inspect.Rescue;
import writeboost.engine.inspect.RescueReport;
import writeboost.engine.inspect.RescueReport.Range;
import writeboost.engine.inspect.WaitingToDevice;
import writeboost.engine.log.LogImage.Chunk;

/** Entries, in chunks whose checksums fit, that name a place which the disk does not have. */
class BeyondDiskTest {
    private static final long END = LogImage.BACKING_BYTES / Geometry.BLOCK_BYTES;

    private LogImage image;

    @BeforeEach
    void format() throws Exception {
        image = new LogImage();
        image.chunk(1).block(1).write();
    }

    private void assertRefused(String block) throws IOException {
        byte[] before = image.bytes();
        assertThatThrownBy(() -> image.open())
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DAMAGED))
                .hasMessageContainingAll("cache", "chunk 2", block, END + "", "Nothing was changed");
        assertThat(image.bytes()).isEqualTo(before);
    }

    @Test
    void theLastBlockOfTheDiskIsNotBeyondIt() throws Exception {
        image.chunk(2)
                .block(END - 1)
                .range(EntryKind.ZERO, END - 5, 5)
                .range(EntryKind.TRIM, 0, END)
                .write();
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).hasSize(2);
        }
        assertThat(Inspection.verify(image.cache, false, Progress.NONE).isSound())
                .isTrue();
    }

    @Test
    void anEntryBeyondTheDiskIsRefused() throws Exception {
        image.chunk(2).block(2).block(END).write();
        image.chunk(3).block(3).knowing(2, 0, 1).write();
        assertRefused("block " + END);
    }

    @Test
    void aRangeThatReachesBeyondTheDiskIsRefused() throws Exception {
        image.chunk(2).range(EntryKind.ZERO, END - 5, 6).write();
        image.chunk(3).block(3).knowing(2, 0, 1).write();
        assertRefused("block " + END);
    }

    @Test
    void oneInAChunkThatIsKnownFromItsCopyIsRefusedToo() throws Exception {
        Chunk rotten = image.chunk(2).block(END + 7).write();
        image.chunk(3).block(3).knowing(2, 0, 1).write();
        image.damage(rotten, 0);
        assertRefused("block " + (END + 7));
    }

    @Test
    void oneInTheNewestChunkIsRefusedToo() throws Exception {
        image.chunk(2).block(END).write();
        assertRefused("block " + END);
    }

    @Test
    void oneInAChunkThatIsDeadMeansNothing() throws Exception {
        image.chunk(2).block(END).write();
        image.chunk(3).block(3).knowing(2, 2, 3).write();
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("3@1.4 W3");
        }
        assertThat(Inspection.verify(image.cache, false, Progress.NONE).isSound())
                .isTrue();
    }

    @Test
    void verifyNamesThem() throws Exception {
        Chunk chunk = image.chunk(2)
                .block(2)
                .block(END)
                .range(EntryKind.TRIM, END - 1, 2)
                .write();
        image.chunk(3).block(3).knowing(2, 0, 1).write();
        var findings = Inspection.verify(image.cache, false, Progress.NONE).findings();
        assertThat(findings).hasSize(2);
        for (Finding f : findings) {
            assertThat(f.part()).isEqualTo(Part.HEADER);
            assertThat(f.stake()).isEqualTo(Stake.DATA);
            assertThat(f.seq()).isEqualTo(2);
            assertThat(f.byteOffset()).isEqualTo(chunk.byteOffset());
            assertThat(f.what()).contains("block " + END, END + " blocks");
        }
    }

    @Test
    void inspectShowsThemAsWhatTheyAre() throws Exception {
        image.chunk(2).block(2).block(END).range(EntryKind.ZERO, END - 1, 2).write();
        Inspection inspection = Inspection.ofDevice(image.cache, false, Progress.NONE);
        var entries = inspection.segment(1).orElseThrow().chunks().get(1).entries();
        assertThat(entries)
                .extracting(EntryInfo::state)
                .containsExactly(EntryState.DIRTY, EntryState.BEYOND, EntryState.BEYOND);
        assertThat(inspection.summary().dirtyBlocks()).isEqualTo(2);
        assertThat(inspection.block(END - 1, Progress.NONE).answer()).contains("does not know the block");
    }

    @Test
    void rescueBringsTheRestToTheDiskAndListsThem() throws Exception {
        image.chunk(2).block(2).block(END).range(EntryKind.ZERO, END - 1, 2).write();
        image.chunk(3).block(3).knowing(2, 0, 1).write();
        MemoryDevice disk = new MemoryDevice("disk", LogImage.BACKING_BYTES);
        RescueReport report = new Rescue(image.cache, Progress.NONE).run(new WaitingToDevice(disk), Progress.NONE);
        assertThat(report.savedBytes()).isEqualTo(3L * Geometry.BLOCK_BYTES);
        assertThat(report.refused()).isEmpty();
        assertThat(report.isComplete()).isFalse();
        assertThat(report.lost()).extracting(Range::offsetBytes).containsExactly(END * 4096, (END - 1) * 4096);
        var block = Blocks.allocate(1);
        disk.read(3 * 4096, block);
        assertThat(block.flip()).isEqualTo(LogImage.content(3, 3));
    }
}
