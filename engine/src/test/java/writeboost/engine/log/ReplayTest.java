package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.LogImage.Chunk;

/** Opening a log that is as it was left, or torn at its end. */
class ReplayTest {
    private LogImage image;

    @BeforeEach
    void format() throws Exception {
        image = new LogImage();
    }

    @Test
    void aFreshLogIsEmpty() throws Exception {
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).isEmpty();
            assertThat(opened.marks()).isEqualTo(new Marks(0, 0, 1));
            assertThat(opened.log.headSeq()).isZero();
            assertThat(opened.replay.findings()).isEmpty();
        }
    }

    @Test
    void chunksAreDeliveredInTheirOrderWithRangesWhereTheyWereLogged() throws Exception {
        image.chunk(1)
                .block(7)
                .range(EntryKind.TRIM, 100, 50)
                .block(9, EntryKind.STAGED)
                .write();
        image.chunk(2).range(EntryKind.ZERO, 1000, 10_000).write();
        image.chunk(3).blocks(20, 12).write();
        image.chunk(4).block(7).write();
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks)
                    .containsExactly(
                            "1@1.0 W7 T100+50 S9",
                            "2@1.3 Z1000+10000",
                            "3@2.0 W20 W21 W22 W23 W24 W25 W26 W27 W28 W29 W30 W31",
                            "4@2.13 W7");
            assertThat(opened.marks()).isEqualTo(new Marks(4, 0, 1));
            assertThat(opened.seqHolding(7)).isEqualTo(4);
            assertThat(opened.seqHolding(9)).isEqualTo(1);
        }
    }

    @Test
    void cache9ATornNewestChunkEndsTheLogQuietly() throws Exception {
        image.chunk(1).block(7).write();
        Chunk torn = image.chunk(2).block(8).block(9).write();
        byte[] whole = image.bytes();
        for (int block = 0; block < 3; block++) {
            image.restore(whole);
            image.erase(torn, block);
            try (OpenLog opened = image.open()) {
                assertThat(opened.chunks).as("block %s is missing", block).containsExactly("1@1.0 W7");
                assertThat(opened.marks().durable()).isEqualTo(1);
                assertThat(opened.replay.findings()).isEmpty();
            }
        }
    }

    @Test
    void cache10ATornChunkHidesWhatFollowsIt() throws Exception {
        image.chunk(1).block(7).write();
        Chunk torn = image.chunk(2).block(8).write();
        image.chunk(3).block(9).write();
        image.damage(torn, 1);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 W7");
        }
    }

    @Test
    void aChunkOfRangesAloneNeedsNoData() throws Exception {
        image.chunk(1)
                .range(EntryKind.TRIM, 0, 10)
                .range(EntryKind.ZERO_NO_HOLE, 5, 1)
                .write();
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 T0+10 N5+1");
        }
    }

    @Test
    void marksAreTheLargestThatAnyHeaderOrCheckpointNames() throws Exception {
        image.chunk(1).block(1).write();
        image.chunk(2).block(2).knowing(1, 1, 2).write();
        image.chunk(3).block(3).knowing(2, 1, 1).write();
        image.checkpoint(1, new Marks(1, 0, 1), 1, 1);
        try (OpenLog opened = image.open()) {
            assertThat(opened.replay.marks()).isEqualTo(new Marks(2, 1, 2));
            assertThat(opened.chunks).containsExactly("2@1.2 W2", "3@1.4 W3");
        }
    }

    @Test
    void whatLiesUpToTheTailIsClean() throws Exception {
        Chunk first = image.chunk(1).block(1).write();
        Chunk second = image.chunk(2).block(2).knowing(1, 1, 1).write();
        try (OpenLog opened = image.open()) {
            assertThat(opened.log.entries().dirty(first.position() + 1)).isZero();
            assertThat(opened.log.entries().valid(first.position() + 1)).isEqualTo(0xFF);
            assertThat(opened.log.entries().dirty(second.position() + 1)).isEqualTo(0xFF);
        }
    }

    @Test
    void cache13DataUpToDurableIsNotReadSoThatOneBadBlockStopsNothing() throws Exception {
        Chunk rotten = image.chunk(1).block(1).block(2).write();
        image.chunk(2).block(3).knowing(1, 0, 1).write();
        image.damage(rotten, 1);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1 W2", "2@1.3 W3");
            assertThat(opened.seqHolding(1)).isEqualTo(-1);
            assertThat(opened.seqHolding(2)).isEqualTo(1);
        }
    }

    @Test
    void openingRecordsWhatItFoundInACheckpointOfANewIncarnation() throws Exception {
        image.chunk(1).block(1).write();
        image.chunk(2).block(2).write();
        image.open().close();
        LogScanner scanner = new LogScanner(image.cache, image.superblock);
        Checkpoint newest = scanner.readCheckpoints().get(0);
        assertThat(newest.incarnation()).isEqualTo(2);
        assertThat(newest.firstSeq()).isEqualTo(3);
        assertThat(newest.marks()).isEqualTo(new Marks(2, 0, 1));
        assertThat(newest.clean()).isFalse();
    }

    @Test
    void newChunksGoToAFreshSegmentWithAHigherId() throws Exception {
        image.chunk(1).block(1).write();
        image.chunk(2).block(2).at(5, 0).write();
        try (OpenLog opened = image.open().start()) {
            assertThat(opened.durableChunk(9)).isEqualTo(3);
        }
        try (OpenLog again = image.open()) {
            assertThat(again.chunks).containsExactly("1@1.0 W1", "2@5.0 W2", "3@6.0 W9");
        }
    }

    @Test
    void theChunkAfterAnOpeningCarriesACopyOfTheOneBefore() throws Exception {
        image.chunk(1).block(1).write();
        Chunk newest = image.chunk(2).block(2).range(EntryKind.TRIM, 4, 4).write();
        try (OpenLog opened = image.open().start()) {
            opened.durableChunk(9);
        }
        image.erase(newest, 0);
        try (OpenLog again = image.open()) {
            assertThat(again.chunks).containsExactly("1@1.0 W1", "2@1.2 W2 T4+4", "3@2.0 W9");
            assertThat(again.seqHolding(2)).isEqualTo(2);
        }
    }

    @Test
    void alsoTheVeryFirstChunkIsCopiedIntoTheOneAfterIt() throws Exception {
        Chunk first = image.chunk(1).block(1).write();
        try (OpenLog opened = image.open().start()) {
            opened.durableChunk(9);
        }
        image.erase(first, 0);
        try (OpenLog again = image.open()) {
            assertThat(again.chunks).containsExactly("1@1.0 W1", "2@2.0 W9");
        }
    }

    @Test
    void chunksBeforeOldestAreDeadAndTheirRoomIsFree() throws Exception {
        image.chunk(1).block(1).write();
        image.chunk(2).block(2).inFreshSegment().write();
        image.chunk(3).block(3).inFreshSegment().knowing(2, 2, 3).write();
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("3@3.0 W3");
            assertThat(opened.log.segments().freeSegments()).isEqualTo(LogImage.SEGMENTS - 1);
        }
    }

    @Test
    void aLogThatWasDroppedIsEmptyAndGoesOnWithTheNextSeq() throws Exception {
        image.chunk(1).block(1).write();
        image.checkpoint(1, new Marks(1, 1, 2), 1, 1);
        try (OpenLog opened = image.open().start()) {
            assertThat(opened.chunks).isEmpty();
            assertThat(opened.durableChunk(5)).isEqualTo(2);
        }
        try (OpenLog again = image.open()) {
            assertThat(again.chunks).containsExactly("2@2.0 W5");
        }
    }

    @Test
    void forgettingMovesOldestPastEverything() throws Exception {
        image.chunk(1).block(1, EntryKind.STAGED).write();
        image.chunk(2).block(2, EntryKind.STAGED).write();
        try (OpenLog opened = new OpenLog(image.cache, image.backing, true)) {
            assertThat(opened.marks()).isEqualTo(new Marks(2, 2, 3));
            assertThat(opened.events).containsExactly("evicted 1", "evicted 2", "below 3");
        }
        try (OpenLog again = image.open()) {
            assertThat(again.chunks).isEmpty();
        }
    }

    @Test
    void blocksOfTheDiskThatWereChangedElsewhereAreNamedUntilTheLogIsForgotten() throws Exception {
        changeDisk(3);
        changeDisk(LogImage.BACKING_BYTES / Geometry.BLOCK_BYTES - 1);
        try (OpenLog opened = image.open()) {
            assertThat(opened.replay.changedBlocks(image.backing))
                    .containsExactlyInAnyOrder(3L, LogImage.BACKING_BYTES / Geometry.BLOCK_BYTES - 1);
            assertThat(Replay.blockCrc(image.backing, 3))
                    .isEqualTo(new Crc().of(LogImage.content(3, 1), 0, Geometry.BLOCK_BYTES));
        }
        new OpenLog(image.cache, image.backing, true).close();
        try (OpenLog again = image.open()) {
            assertThat(again.replay.changedBlocks(image.backing)).isEmpty();
        }
    }

    private void changeDisk(long address) throws Exception {
        image.backing.write(address * Geometry.BLOCK_BYTES, LogImage.content(address, 1));
    }

    @Test
    void cancellingChangesNothing() throws Exception {
        image.chunk(1).block(1).write();
        byte[] before = image.bytes();
        Replay replay = new Replay(image.cache, image.superblock);
        assertThatThrownBy(() -> replay.read((done, total) -> false))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
        assertThat(image.bytes()).isEqualTo(before);
    }

    /** Else a new checkpoint would count as older than what an earlier opening has left. */
    @Test
    void generationsGoOnFromOneOpeningToTheNext() throws Exception {
        long last = 0;
        for (int opening = 1; opening <= 4; opening++) {
            try (OpenLog opened = image.open().start()) {
                opened.durableChunk(opening);
                opened.log.checkpoint(opening - 1, 1, false);
            }
            try (OpenLog again = image.open()) {
                assertThat(again.replay.checkpoint().generation()).isGreaterThan(last);
                assertThat(again.marks()).isEqualTo(new Marks(opening, opening - 1, 1));
                last = again.replay.checkpoint().generation();
            }
        }
    }
}
