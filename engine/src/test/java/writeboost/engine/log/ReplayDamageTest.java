package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.LogImage.Chunk;

/** Opening a log of which something that was durable is gone. */
class ReplayDamageTest {
    private LogImage image;

    @BeforeEach
    void format() throws Exception {
        image = new LogImage();
    }

    private void assertRefused(ErrorCode code, String... words) throws IOException {
        byte[] before = image.bytes();
        assertThatThrownBy(image::open)
                .hasMessageContainingAll(words)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(code));
        assertThat(image.bytes()).as("a refusal changes nothing").isEqualTo(before);
    }

    @Test
    void cache13ARottenHeaderIsMendedFromItsCopyInTheNextOne() throws Exception {
        image.chunk(1).block(1).write();
        Chunk rotten =
                image.chunk(2).block(2).range(EntryKind.TRIM, 50, 6).block(3).write();
        image.chunk(3).block(4).inFreshSegment().knowing(2, 0, 1).write();
        image.damage(rotten, 0);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1", "2@1.2 W2 T50+6 W3", "3@2.0 W4");
            assertThat(opened.seqHolding(2)).isEqualTo(2);
            assertThat(opened.seqHolding(3)).isEqualTo(2);
            assertThat(opened.replay.findings()).singleElement().asString().contains("chunk 2", "segment 1");
        }
    }

    @Test
    void cache13ARottenFirstHeaderHidesNoLaterChunkOfItsSegment() throws Exception {
        Chunk rotten = image.chunk(1).block(1).write();
        image.chunk(2).block(2).knowing(1, 0, 1).write();
        image.chunk(3).block(3).write();
        image.damage(rotten, 0);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1", "2@1.2 W2", "3@1.4 W3");
        }
    }

    @Test
    void aRottenHeaderBehindTheEndOfTheLogIsSearchedForALaterChunkThatProvesIt() throws Exception {
        image.chunk(1).block(1).write();
        Chunk rotten = image.chunk(2).block(2).inFreshSegment().write();
        image.chunk(3).block(3).knowing(2, 0, 1).write();
        image.damage(rotten, 0);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1", "2@2.0 W2", "3@2.2 W3");
        }
    }

    /** One of two writes that were on their way was lost with the power, and hides the other, which alone knows what is durable. */
    @Test
    void whereChunksLieBehindTheEndOfTheLogALaterOneIsSearchedForThatProvesThem() throws Exception {
        image.chunk(1).block(1).write();
        Chunk rotten = image.chunk(2).block(2).write();
        image.chunk(3).block(3).write();
        image.chunk(4).block(4).inFreshSegment().write();
        Chunk onItsWay = image.chunk(5).block(5).write();
        image.chunk(6).block(6).knowing(4, 0, 1).write();
        image.erase(onItsWay, 0);
        image.damage(rotten, 0);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1", "2@1.2 W2", "3@1.4 W3", "4@2.0 W4");
        }
    }

    /** As before, but the chunk that was lost was the first of a segment where there is something of the lap before. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15})
    void aLaterOneIsSearchedForAlsoInsideAChunkOfTheLapBefore(int oldBlocks) throws Exception {
        Chunk old = image.chunk(1).blocks(100, oldBlocks).at(3, 0).write();
        image.checkpoint(1, new Marks(1, 1, 2), 1, 1);
        image.chunk(2).block(1).at(33, 0).knowing(1, 1, 2).write();
        Chunk rotten = image.chunk(3).block(2).write();
        image.chunk(4).block(3).write();
        image.chunk(5).block(4).inFreshSegment().write();
        Chunk onItsWay = image.chunk(6).block(5).inFreshSegment().write();
        image.chunk(7).block(6).knowing(5, 1, 2).write();
        assertThat(onItsWay.byteOffset()).isEqualTo(old.byteOffset());
        image.cache.write(old.byteOffset(), old.bytes().limit(Geometry.BLOCK_BYTES));
        image.damage(rotten, 0);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("2@33.0 W1", "3@33.2 W2", "4@33.4 W3", "5@34.0 W4");
        }
    }

    @Test
    void segmentsThatStillHoldLiveChunksDoNotCountAsSearched() throws Exception {
        for (int seq = 1; seq <= 6; seq++) {
            image.chunk(seq).block(seq).at(1 + seq, 0).write();
        }
        image.chunk(7).block(7).at(33, 0).write();
        Chunk rotten = image.chunk(8).block(8).at(40, 0).write(); // the next slot that was free
        image.chunk(9).block(9).knowing(8, 0, 1).write();
        image.damage(rotten, 0);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).endsWith("7@33.0 W7", "8@40.0 W8", "9@40.2 W9");
        }
    }

    @Test
    void theEndOfTheLogIsSearchedWhereItIsNotWhereTheHighestSegmentIs() throws Exception {
        Chunk first = image.chunk(1).block(1).write();
        Chunk rotten = image.chunk(2).block(2).write();
        image.chunk(3).block(3).knowing(2, 0, 1).write();
        image.chunk(7).incarnation(0, 1).block(70).at(9, 0).after(first).write(); // void
        image.damage(rotten, 0);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1", "2@1.2 W2", "3@1.4 W3");
        }
    }

    @Test
    void chunksThatLieOverEachOtherAreRefused() throws Exception {
        Chunk first = image.chunk(1).blocks(1, 5).write();
        image.chunk(2).block(9).at(1, 3).knowing(1, 0, 1).write();
        image.damage(first, 0);
        assertRefused(ErrorCode.DAMAGED, "chunk 2", "segment 1", "Nothing was changed");
    }

    @Test
    void theFirstChunkOfAllCanBeMendedToo() throws Exception {
        Chunk rotten = image.chunk(1).block(1).write();
        image.chunk(2).block(2).knowing(1, 0, 1).write();
        image.erase(rotten, 0);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1", "2@1.2 W2");
        }
    }

    @Test
    void aMendedChunkWhoseSuccessorIsTornIsStillThereWhenTheLogIsOpenedAgain() throws Exception {
        image.chunk(1).block(1).write();
        Chunk rotten = image.chunk(2).block(2).write();
        Chunk torn = image.chunk(3).block(3).knowing(2, 0, 1).write();
        image.damage(rotten, 0);
        image.damage(torn, 1);
        for (int opening = 1; opening <= 3; opening++) {
            try (OpenLog opened = image.open()) {
                assertThat(opened.chunks).as("opening %s", opening).containsExactly("1@1.0 W1", "2@1.2 W2");
                assertThat(opened.seqHolding(2)).isEqualTo(2);
            }
        }
    }

    @Test
    void aMendedNewestChunkIsCopiedIntoTheNextHeader() throws Exception {
        Chunk rotten = image.chunk(1).block(1).write();
        Chunk torn = image.chunk(2).block(2).knowing(1, 0, 1).write();
        image.damage(rotten, 0);
        image.damage(torn, 1);
        try (OpenLog opened = image.open().start()) {
            assertThat(opened.durableChunk(9)).isEqualTo(2);
        }
        image.erase(torn, 0);
        try (OpenLog again = image.open()) {
            assertThat(again.chunks).containsExactly("1@1.0 W1", "2@2.0 W9");
        }
    }

    @Test
    void aHeaderThatKnowsOfNoChunkBeforeItIsNoCopyOfAnEmptyOne() throws Exception {
        image.chunk(2).block(2).at(1, 2).knowing(1, 0, 1).write();
        assertRefused(ErrorCode.DAMAGED, "chunk 1");
    }

    @Test
    void theNewestDurableChunkGoneAfterASyncIsDamageNotATornEnd() throws Exception {
        image.chunk(1).block(1).write();
        Chunk newest = image.chunk(2).block(2).write();
        image.checkpoint(1, new Marks(2, 0, 1), 1, 1);
        image.damage(newest, 0);
        assertRefused(ErrorCode.DAMAGED, "cache", "chunk 2", "Nothing was changed");
    }

    @Test
    void aHeaderGoneWithItsCopyAboveTheTailIsRefused() throws Exception {
        image.chunk(1).block(1).write();
        Chunk first = image.chunk(2).block(2).write();
        Chunk second = image.chunk(3).block(3).write();
        image.chunk(4).block(4).knowing(3, 1, 1).write();
        image.damage(first, 0);
        image.damage(second, 0);
        assertRefused(ErrorCode.DAMAGED, "chunk 2");
    }

    /** Else the block, recorded as lost, would turn into what the disk happens to hold. */
    @Test
    void whatIsRecordedAsLostIsNotPassedOverWithAChunkThatIsGone() throws Exception {
        image.chunk(1).block(1, EntryKind.LOST).write();
        image.chunk(2).block(2).knowing(1, 1, 1).write();
        Chunk gone = image.chunk(3).block(3).write();
        image.checkpoint(1, new Marks(3, 3, 1), 1, 1);
        image.damage(gone, 0);
        byte[] before = image.bytes();
        assertThatThrownBy(image::open)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DAMAGED))
                .hasMessageContainingAll("chunk 3", "lost earlier");
        assertThat(image.bytes()).isEqualTo(before);
    }

    @Test
    void whatIsRecordedAsLostBehindTheChunkThatIsGoneIsNoReasonToRefuse() throws Exception {
        Chunk gone = image.chunk(1).block(1).write();
        Chunk withCopy = image.chunk(2).block(2).knowing(1, 1, 1).write();
        image.chunk(3).block(3, EntryKind.LOST).knowing(2, 2, 1).write();
        image.damage(gone, 0);
        image.erase(withCopy, 0);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("2@1.2 W2", "3@1.4 L3");
        }
    }

    @Test
    void goneBetweenOldestAndTailLosesOnlyCachedCopies() throws Exception {
        image.chunk(1).block(1).write();
        Chunk first = image.chunk(2).block(2).write();
        Chunk second = image.chunk(3).block(3).write();
        image.chunk(4).block(4).knowing(3, 3, 1).write();
        byte[] whole = image.bytes();
        image.damage(first, 0);
        image.damage(second, 0);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).as("3 is known from its copy").containsExactly("3@1.4 W3", "4@1.6 W4");
            assertThat(opened.marks()).isEqualTo(new Marks(4, 3, 3));
            assertThat(opened.replay.findings()).hasSize(2);
        }
        // The damage was a passing one: what was given up must not return, for the disk may have changed since.
        ImageParts.copySegments(image, whole);
        try (OpenLog again = image.open()) {
            assertThat(again.chunks).containsExactly("3@1.4 W3", "4@1.6 W4");
        }
    }

    @Test
    void theWholeCacheUpToTheTailMayBeGone() throws Exception {
        Chunk only = image.chunk(1).block(1).write();
        image.checkpoint(1, new Marks(1, 1, 1), 1, 1);
        image.erase(only, 0);
        try (OpenLog opened = image.open().start()) {
            assertThat(opened.chunks).isEmpty();
            assertThat(opened.marks()).isEqualTo(new Marks(1, 1, 2));
            assertThat(opened.durableChunk(5)).isEqualTo(2);
        }
    }

    @Test
    void damageBeforeOldestIsNone() throws Exception {
        Chunk dead = image.chunk(1).block(1).write();
        Chunk dead2 = image.chunk(2).block(2).write();
        image.chunk(3).block(3).knowing(2, 2, 3).write();
        image.damage(dead, 0);
        image.damage(dead2, 0);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("3@1.4 W3");
            assertThat(opened.replay.findings()).isEmpty();
        }
    }

    @Test
    void noValidCheckpointIsRefused() throws Exception {
        for (int slot = 0; slot < Geometry.CHECKPOINT_SLOTS; slot++) {
            image.cache.write(Geometry.checkpointByteOffset(slot), Blocks.allocate(1));
        }
        assertRefused(ErrorCode.DAMAGED, "checkpoint", "Nothing was changed");
    }

    @Test
    void cache14AnySingleCheckpointSlotMayBeGone() throws Exception {
        image.chunk(1).block(1).write();
        image.chunk(2).block(2).write();
        image.checkpoint(1, new Marks(1, 1, 2), 1, 1);
        image.checkpoint(2, new Marks(2, 1, 2), 1, 1);
        byte[] whole = image.bytes();
        for (int slot = 0; slot < Geometry.CHECKPOINT_SLOTS; slot++) {
            image.restore(whole);
            image.cache.write(Geometry.checkpointByteOffset(slot), Blocks.allocate(1));
            try (OpenLog opened = image.open()) {
                assertThat(opened.replay.checkpoint().generation())
                        .as("slot %s", slot)
                        .isEqualTo(2);
                assertThat(opened.chunks).containsExactly("2@1.2 W2");
            }
        }
    }

    @Test
    void anyFlippedByteOfADurableHeaderIsMendedOrRefusedNeverMisread() throws Exception {
        image.chunk(1).block(1).write();
        Chunk header = image.chunk(2).block(2).range(EntryKind.ZERO, 9, 1).write();
        image.chunk(3).block(3).knowing(2, 0, 1).write();
        byte[] whole = image.bytes();
        for (int at = 0; at < 300; at++) {
            image.restore(whole);
            ImageParts.flip(image, header.byteOffset() + at);
            try (OpenLog opened = image.open()) {
                assertThat(opened.chunks).as("byte %s", at).containsExactly("1@1.0 W1", "2@1.2 W2 Z9+1", "3@1.4 W3");
                assertThat(opened.replay.findings()).hasSize(1);
            }
        }
    }
}
