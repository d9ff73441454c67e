package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import writeboost.engine.device.CountingDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.LogImage.Chunk;

/** Which chunks a cache device holds, as who only looks at it learns it too. */
class LogSurveyTest {
    private LogImage image;

    @BeforeEach
    void format() throws Exception {
        image = new LogImage();
    }

    private LogSurvey survey(boolean moving) throws Exception {
        LogSurvey survey = new LogSurvey(image.cache, image.superblock);
        survey.readCheckpoints();
        survey.scan(moving, (header, position) -> {}, (done, total) -> true);
        return survey;
    }

    @Test
    void theUnbrokenSequenceEndsBeforeTheFirstGap() throws Exception {
        image.chunk(1).block(1).write();
        image.chunk(2).block(2).write();
        image.chunk(4).block(4).write();
        LogSurvey survey = survey(false);
        assertThat(survey.lastSeq()).isEqualTo(2);
        assertThat(survey.chosen()).hasSize(3);
        assertThat(survey.chainEnd(0)).isEqualTo(6);
    }

    @Test
    void itBeginsWithOldest() throws Exception {
        assertThat(survey(false).lastSeq()).isZero();
        image.chunk(5).block(5).at(1, 0).after(null).knowing(4, 4, 5).write();
        image.chunk(6).block(6).write();
        assertThat(survey(false).lastSeq()).isEqualTo(6);
        image.checkpoint(1, new Marks(6, 6, 7), 1, 1);
        assertThat(survey(false).lastSeq()).isEqualTo(6);
    }

    @Test
    void onlyWhereTheLogWouldGoOnIsSearchedIfNothingIsMissing() throws Exception {
        for (int seq = 1; seq <= 20; seq++) {
            image.chunk(seq).blocks(seq, 10).write(); // room is left at the end of each segment
        }
        CountingDevice device = new CountingDevice(image.cache, new QuickTasks());
        new LogSurvey(device, image.superblock).scan(false, (header, position) -> {}, (done, total) -> true);
        // For a segment with a chunk its header and what follows, else one block; then the newest and four empty ones
        // whole.
        long blocks = 20 * 2 + 12 + 5 * LogImage.SEGMENT_BLOCKS;
        assertThat(device.counts().bytesRead()).isEqualTo(blocks * Geometry.BLOCK_BYTES);
    }

    @Test
    void marksThatNameMoreChunksThanThereIsRoomForAreRefused() throws Exception {
        image.chunk(1).block(1).write();
        image.checkpoint(1, new Marks(image.geometry.positions() + 1L, 0, 1), 1, 1);
        assertThatThrownBy(() -> survey(false))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DAMAGED))
                .hasMessageContaining("no room for so many chunks");
        image = new LogImage();
        image.chunk(1).block(1).write();
        image.checkpoint(1, new Marks(image.geometry.positions(), 0, 1), 1, 1);
        assertThat(survey(false).lastSeq()).isEqualTo(1);
    }

    /** Above what the checkpoints said before the headers were read, chunks may have come and not be seen. */
    @Test
    void whatIsMissingOfALogThatMovesIsNotLost() throws Exception {
        image.chunk(1).block(1).write();
        image.chunk(2).block(2).write();
        image.chunk(4).block(4).knowing(3, 3, 1).write();
        assertThat(survey(true).marks()).isEqualTo(new Marks(2, 2, 1));
        assertThat(survey(false).marks()).as("if nobody writes it is").isEqualTo(new Marks(3, 3, 1));
        image.checkpoint(1, new Marks(3, 1, 1), 1, 1);
        assertThat(survey(true).marks()).as("it was durable before").isEqualTo(new Marks(3, 3, 1));
    }

    /** A header that the search finds was written later than those that were not there yet when their places were read. */
    @Test
    void norIsWhatCameBeforeAHeaderThatIsFoundByTheSearchOnly() throws Exception {
        image.chunk(1).block(1).write();
        image.chunk(2).block(2).knowing(1, 1, 1).write();
        Chunk third = image.chunk(3).block(3).write();
        image.chunk(4).block(4).knowing(3, 3, 1).write();
        image.erase(third, 0);
        assertThat(survey(true).marks()).isEqualTo(new Marks(2, 2, 1));
        assertThat(survey(false).marks()).as("if nobody writes, it is").isEqualTo(new Marks(3, 3, 1));
    }

    @Test
    void whoeverLooksIsToldHowFarItIsAndMayCancel() throws Exception {
        List<String> told = new ArrayList<>();
        new LogSurvey(image.cache, image.superblock)
                .scan(false, (header, position) -> {}, (done, total) -> told.add(done + " of " + total));
        assertThat(told).containsExactly("0 of " + LogImage.SEGMENTS);
    }

    @Test
    void aChunkThatALaterIncarnationVoidsIsToldAsSuch() throws Exception {
        Chunk first = image.chunk(1).block(1).write();
        image.chunk(2).block(2).write();
        image.chunk(2).incarnation(2, 2).block(3).at(2, 0).after(first).write();
        LogSurvey survey = survey(false);
        assertThat(new boolean[] {survey.isVoid(0), survey.isVoid(1), survey.isVoid(2)})
                .containsExactly(false, true, false);
        assertThat(survey.isVoid(1, 1)).isFalse();
        assertThat(survey.isVoid(1, 2)).isTrue();
    }
}
