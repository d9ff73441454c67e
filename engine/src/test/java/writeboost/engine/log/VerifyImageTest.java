package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import writeboost.engine.cache.Progress;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.Fault;
import writeboost.engine.device.FaultDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.inspect.ChunkInfo;
import writeboost.engine.inspect.Finding;
import writeboost.engine.inspect.Finding.Part;
import writeboost.engine.inspect.Finding.Stake;
import writeboost.engine.inspect.Inspection;
import writeboost.engine.inspect.Verdict;
import writeboost.engine.log.LogImage.Chunk;

/** What verify says of logs as damage and power cuts leave them. */
class VerifyImageTest {
    private LogImage image;

    @BeforeEach
    void format() throws Exception {
        image = new LogImage();
    }

    private Verdict verify() throws IOException {
        return Inspection.verify(image.cache, false, Progress.NONE);
    }

    private static void assertFinding(Finding f, Part part, Stake stake, Chunk chunk, int block) {
        assertThat(f.part()).as(f.what()).isEqualTo(part);
        assertThat(f.stake()).as(f.what()).isEqualTo(stake);
        assertThat(f.segmentId()).as(f.what()).isEqualTo(chunk.segmentId());
        assertThat(f.slot()).as(f.what()).isEqualTo(chunk.slot());
        assertThat(f.offset()).as(f.what()).isEqualTo(chunk.offset() + block);
        assertThat(f.byteOffset()).as(f.what()).isEqualTo(chunk.byteOffset() + block * 4096L);
    }

    @Test
    void anEmptyCacheIsSound() throws Exception {
        Verdict v = verify();
        assertThat(v.isSound()).isTrue();
        assertThat(v.notes()).isEmpty();
        assertThat(v.chunks()).isZero();
    }

    @Test
    void whatIsTornAboveDurableIsTheEndOfTheLogAndNotDamage() throws Exception {
        image.chunk(1).block(1).write();
        Chunk torn = image.chunk(2).blocks(2, 3).write();
        image.chunk(3).block(9).write();
        image.damage(torn, 2);
        Verdict v = verify();
        assertThat(v.findings()).isEmpty();
        assertThat(v.chunks()).isEqualTo(1);
        assertThat(v.notes()).singleElement().asString().contains("2 chunks lie behind the end of the log");
    }

    @Test
    void theSameIsDamageOnceItWasDurable() throws Exception {
        image.chunk(1).block(1).write();
        Chunk torn = image.chunk(2).blocks(2, 3).write();
        image.chunk(3).block(9).knowing(2, 0, 1).write();
        image.damage(torn, 2);
        Verdict v = verify();
        assertThat(v.findings()).hasSize(1);
        assertFinding(v.findings().get(0), Part.DATA, Stake.DATA, torn, 2);
        assertThat(v.findings().get(0).address()).isEqualTo(3);
        assertThat(v.chunks()).isEqualTo(3);
    }

    @Test
    void ofTwoBadHeadersInARowTheFirstIsGoneAndTheSecondMended() throws Exception {
        image.chunk(1).block(1).write();
        Chunk second = image.chunk(2).blocks(2, 2).write();
        Chunk third = image.chunk(3).block(4).write();
        image.chunk(4).block(5).knowing(3, 0, 1).write();
        image.damage(second, 0);
        image.damage(third, 0);
        Verdict v = verify();
        assertThat(v.findings()).hasSize(2);
        assertFinding(v.findings().get(0), Part.HEADER, Stake.DATA, second, 0);
        assertThat(v.findings().get(0).what()).contains("no copy").contains("is lost");
        assertFinding(v.findings().get(1), Part.HEADER, Stake.NONE, third, 0);
        assertThat(v.findings().get(1).what()).contains("nothing is lost");
    }

    @Test
    void upToTheTailOnlyCopiesAreLostWithAHeader() throws Exception {
        image.chunk(1).block(1).write();
        Chunk second = image.chunk(2).block(2).write();
        Chunk third = image.chunk(3).block(3).write();
        image.chunk(4).block(4).knowing(3, 3, 1).write();
        image.damage(second, 0);
        image.damage(third, 0);
        assertFinding(verify().findings().get(0), Part.HEADER, Stake.COPY, second, 0);
    }

    @Test
    void theDataOfAChunkThatIsKnownFromItsCopyIsCheckedToo() throws Exception {
        image.chunk(1).block(1).write();
        Chunk second = image.chunk(2).blocks(2, 2).write();
        image.chunk(3).block(9).knowing(2, 0, 1).write();
        image.damage(second, 0);
        image.damage(second, 2);
        List<Finding> findings = verify().findings();
        assertThat(findings).hasSize(2);
        assertFinding(findings.get(0), Part.HEADER, Stake.NONE, second, 0);
        assertFinding(findings.get(1), Part.DATA, Stake.DATA, second, 2);
    }

    @Test
    void aNewestHeaderOfWhichNothingIsLeftIsMissedWhereItShouldBe() throws Exception {
        image.chunk(1).block(1).write();
        Chunk newest = image.chunk(2).blocks(2, 2).write();
        image.checkpoint(1, new Marks(2, 0, 1), 1, 1);
        image.erase(newest, 0);
        assertFinding(verify().findings().get(0), Part.HEADER, Stake.DATA, newest, 0);
    }

    @Test
    void aNewestHeaderOfWhichNothingIsLeftIsMissedInTheNextSegmentWhenTheOneBeforeIsFull() throws Exception {
        image.chunk(1).blocks(1, 15).write();
        Chunk newest = image.chunk(2).blocks(20, 2).write();
        image.checkpoint(1, new Marks(2, 0, 1), 1, 1);
        image.erase(newest, 0);
        assertFinding(verify().findings().get(0), Part.HEADER, Stake.DATA, newest, 0);
    }

    @Test
    void theOnlyHeaderOfALogIsMissedToo() throws Exception {
        Chunk only = image.chunk(1).block(1).write();
        image.checkpoint(1, new Marks(1, 0, 1), 1, 1);
        image.damage(only, 0);
        assertFinding(verify().findings().get(0), Part.HEADER, Stake.DATA, only, 0);
        image.erase(only, 0);
        Finding nowhere = verify().findings().get(0);
        assertThat(nowhere.part()).isEqualTo(Part.HEADER);
        assertThat(nowhere.seq()).isEqualTo(1);
    }

    @Test
    void aBadHeaderOfAChunkThatWasWrittenAgainIsNamedWhereItCounts() throws Exception {
        Chunk first = image.chunk(1).block(1).write();
        image.chunk(2).block(2).write();
        Chunk again = image.chunk(2).block(2).at(2, 0).after(first).write();
        image.chunk(3).block(3).knowing(2, 0, 1).write();
        image.damage(again, 0);
        List<Finding> findings = verify().findings();
        assertThat(findings).hasSize(1);
        assertFinding(findings.get(0), Part.HEADER, Stake.NONE, again, 0);
    }

    @Test
    void whatIsDeadMayHoldAnything() throws Exception {
        Chunk dead = image.chunk(1).block(1).write();
        image.chunk(2).block(2).inFreshSegment().write();
        Chunk voided = image.chunk(3).block(3).at(5, 0).write();
        image.checkpoint(1, new Marks(2, 1, 2), 2, 3);
        image.damage(dead, 0);
        image.damage(dead, 1);
        image.damage(voided, 1);
        ImageParts.flip(image, Geometry.checkpointByteOffset(0) + 60);
        Verdict v = verify();
        assertThat(v.findings()).isEmpty();
        assertThat(v.chunks()).isEqualTo(1);
    }

    @Test
    void dataThatWasLostEarlierIsTold() throws Exception {
        image.chunk(1).block(1).block(2).write();
        Chunk lost =
                image.chunk(2).block(1, EntryKind.LOST).block(2, EntryKind.LOST).write();
        image.chunk(3).block(2).knowing(2, 0, 1).write();
        image.damage(lost, 1);
        List<Finding> findings = verify().findings();
        assertThat(findings).hasSize(1);
        assertFinding(findings.get(0), Part.LOST, Stake.DATA, lost, 1);
        assertThat(findings.get(0).address()).isEqualTo(1);
    }

    @Test
    void aRangeMakesOlderDataWorthless() throws Exception {
        Chunk chunk =
                image.chunk(1).block(7).range(EntryKind.TRIM, 5, 5).block(8).write();
        image.chunk(2).block(1).knowing(1, 0, 1).write();
        image.damage(chunk, 1);
        image.damage(chunk, 2);
        List<Finding> findings = verify().findings();
        assertThat(findings).hasSize(2);
        assertFinding(findings.get(0), Part.DATA, Stake.NONE, chunk, 1);
        assertFinding(findings.get(1), Part.DATA, Stake.DATA, chunk, 2);
    }

    @Test
    void whatCannotBeReadIsDamageBlockByBlock() throws Exception {
        image.chunk(1).block(1).write();
        Chunk second = image.chunk(2).blocks(2, 4).write();
        image.chunk(3).block(9).knowing(2, 0, 1).write();
        try (FaultDevice faulty = new FaultDevice(image.cache, new QuickTasks())) {
            faulty.add(Fault.error(DeviceException.Kind.IO)
                    .on(Fault.Operation.READ)
                    .at(second.byteOffset() + 2 * 4096, 512));
            List<Finding> findings =
                    Inspection.verify(faulty, false, Progress.NONE).findings();
            assertThat(findings).hasSize(1);
            assertFinding(findings.get(0), Part.DATA, Stake.DATA, second, 2);
            assertThat(findings.get(0).what()).contains("can't be read");
        }
    }

    @Test
    void withoutAnyCheckpointTheRestIsStillVerified() throws Exception {
        Chunk first = image.chunk(1).block(1).write();
        image.chunk(2).block(2).knowing(1, 0, 1).write();
        image.damage(first, 1);
        ImageParts.flip(image, Geometry.checkpointByteOffset(0) + 60);
        ImageParts.flip(image, Geometry.checkpointByteOffset(1) + 60);
        List<Finding> findings = verify().findings();
        assertThat(findings).filteredOn(f -> f.part() == Part.CHECKPOINT).hasSize(4);
        assertFinding(findings.get(findings.size() - 1), Part.DATA, Stake.DATA, first, 1);
    }

    @Test
    void bothCopiesOfTheNewestCheckpointGoneIsDamage() throws Exception {
        image.chunk(1).block(1).write();
        image.checkpoint(1, new Marks(1, 0, 1), 1, 1);
        ImageParts.flip(image, Geometry.checkpointByteOffset(2) + 60);
        ImageParts.flip(image, Geometry.checkpointByteOffset(3) + 60);
        assertThat(verify().findings())
                .hasSize(2)
                .allMatch(f -> f.part() == Part.CHECKPOINT && f.stake() == Stake.DATA);
    }

    @Test
    void aSecondCopyThatWasNotWrittenIsNoDamage() throws Exception {
        // the table of incarnations lies in other sectors than the generation
        image.checkpoint(1, new Marks(0, 0, 1), 1, 1);
        image.checkpoint(2, new Marks(0, 0, 1), 1, 1);
        byte[] before = image.bytes();
        image.checkpoint(3, new Marks(0, 0, 1), 0x202, 1);
        byte[] after = image.bytes();
        int second = (int) Geometry.checkpointByteOffset(3);
        for (int sectors = 0; sectors <= 8; sectors++) {
            image.restore(after);
            image.cache.write(second, ByteBuffer.wrap(mixed(after, before, second, sectors)));
            assertThat(verify().findings())
                    .as("the first %d sectors were written", sectors)
                    .isEmpty();
            image.cache.write(second, ByteBuffer.wrap(mixed(before, after, second, sectors)));
            assertThat(verify().findings())
                    .as("all but the first %d sectors were written", sectors)
                    .isEmpty();
        }
    }

    /** A block whose first sectors are of one device, and the others of another. */
    private static byte[] mixed(byte[] first, byte[] then, int at, int sectors) {
        byte[] block = Arrays.copyOfRange(then, at, at + 4096);
        System.arraycopy(first, at, block, 0, sectors * 512);
        return block;
    }

    @Test
    void everyChunkIsShownAsWhatItIs() throws Exception {
        image.chunk(1).block(1).write();
        Chunk first = image.chunk(2).block(2).inFreshSegment().write();
        image.chunk(3).block(30).write();
        Chunk second =
                image.chunk(3).incarnation(2, 3).block(3).at(3, 0).after(first).write();
        image.chunk(4).block(4).write();
        image.chunk(4).block(4).at(4, 0).after(second).knowing(3, 1, 2).write();
        Chunk torn = image.chunk(5).block(5).knowing(4, 1, 2).write();
        image.damage(torn, 1);
        Inspection inspection = Inspection.ofDevice(image.cache, false, Progress.NONE);
        assertThat(states(inspection, 1)).containsExactly(ChunkInfo.State.DEAD);
        assertThat(states(inspection, 2)).containsExactly(ChunkInfo.State.LIVE, ChunkInfo.State.VOID);
        assertThat(states(inspection, 3)).containsExactly(ChunkInfo.State.LIVE, ChunkInfo.State.REPLACED);
        assertThat(states(inspection, 4)).containsExactly(ChunkInfo.State.LIVE, ChunkInfo.State.BEHIND_END);
        assertThat(inspection.block(30, Progress.NONE).versions())
                .singleElement()
                .matches(v -> !v.counts() && v.chunk() == ChunkInfo.State.VOID);
        assertThat(inspection.summary().lastSeq()).isEqualTo(4);
    }

    private static List<ChunkInfo.State> states(Inspection inspection, long segment) throws IOException {
        return inspection.segment(segment).orElseThrow().chunks().stream()
                .map(ChunkInfo::state)
                .toList();
    }

    @Test
    void withoutASuperblockNothingCanBeVerified() throws Exception {
        ImageParts.flip(image, 40);
        assertThat(verify().findings()).hasSize(1);
        ImageParts.flip(image, image.cache.sizeBytes() - 4000);
        assertThatThrownBy(this::verify).isInstanceOf(EngineException.class).hasMessageContaining("both copies");
    }

    @Test
    void whateverReplayComplainsOfVerifyFindsToo() throws Exception {
        image.chunk(1).blocks(1, 5).write();
        image.chunk(2).block(3).range(EntryKind.ZERO, 100, 50).write();
        image.chunk(3).blocks(40, 12).write();
        image.chunk(4).block(101).write();
        image.chunk(5).blocks(60, 3).knowing(3, 1, 1).write();
        image.checkpoint(1, new Marks(5, 2, 1), 1, 1);
        byte[] sound = image.bytes();
        assertThat(verify().isSound()).isTrue();
        Random random = new Random(7);
        int refused = 0;
        int found = 0;
        for (int i = 0; i < 400; i++) {
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                long block = random.nextInt(3) == 0 ? 16 + random.nextInt(32) : 128 + random.nextInt(48);
                ImageParts.flip(image, block * 4096 + random.nextInt(4096));
            }
            byte[] damaged = image.bytes();
            boolean complains;
            try (OpenLog opened = image.open()) {
                complains = !opened.replay.findings().isEmpty();
            } catch (EngineException e) {
                complains = true;
                refused++;
            }
            image.restore(damaged); // opening has written a checkpoint
            Verdict v = verify();
            if (complains) {
                assertThat(v.isSound()).as("round %d", i).isFalse();
                found++;
            }
            image.restore(sound);
        }
        assertThat(refused).isPositive();
        assertThat(found).isGreaterThan(refused);
    }
}
