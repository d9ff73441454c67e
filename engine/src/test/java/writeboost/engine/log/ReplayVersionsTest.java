package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.LogImage.Chunk;

/** Several chunks claim one seq, or a place in the log that is not theirs: which counts. */
class ReplayVersionsTest {
    private LogImage image;

    @BeforeEach
    void format() throws Exception {
        image = new LogImage();
    }

    @Test
    void whatALaterIncarnationVoidedNeverComesBack() throws Exception {
        image.chunk(1).block(1).write();
        Chunk torn = image.chunk(2).block(2).write();
        image.chunk(3).block(3).write();
        byte[] whole = image.bytes();
        image.damage(torn, 1);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1");
        }
        // What was unreadable then is readable now.
        ImageParts.copySegments(image, whole);
        try (OpenLog again = image.open()) {
            assertThat(again.chunks).containsExactly("1@1.0 W1");
        }
    }

    @Test
    void aHigherIncarnationCountsWhateverTheSegmentIds() throws Exception {
        Chunk first = image.chunk(1).block(1).write();
        image.chunk(2).block(20).at(9, 0).write();
        image.chunk(3).block(30).write();
        image.checkpoint(1, new Marks(1, 0, 1), 2, 2);
        image.chunk(2).incarnation(2, 2).block(21).at(3, 0).after(first).write();
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1", "2@3.0 W21");
        }
    }

    @Test
    void aRottenHeaderOfTheNewerIncarnationDoesNotReviveTheOlderChunk() throws Exception {
        Chunk first = image.chunk(1).block(1).write();
        image.chunk(2).block(20).write();
        image.checkpoint(1, new Marks(1, 0, 1), 2, 2);
        Chunk newer =
                image.chunk(2).incarnation(2, 2).block(21).at(2, 0).after(first).write();
        image.chunk(3).block(31).knowing(2, 0, 1).write();
        image.damage(newer, 0);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1", "2@2.0 W21", "3@2.2 W31");
        }
    }

    @Test
    void theCopyOfAVoidChunkInAVoidHeaderIsNoCopyOfTheNewerOne() throws Exception {
        Chunk first = image.chunk(1).block(1).write();
        image.chunk(2).block(20).write();
        image.chunk(3).block(30).write();
        Chunk newer =
                image.chunk(2).incarnation(2, 2).block(21).at(2, 0).after(first).write();
        image.checkpoint(1, new Marks(2, 0, 1), 2, 2);
        image.damage(newer, 0);
        assertThatThrownBy(image::open)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DAMAGED))
                .hasMessageContaining("chunk 2");
    }

    /** Of the incarnation between, nothing is left but its line in the table of a checkpoint. */
    @Test
    void whatAnIncarnationVoidedStaysVoidWhenNoHeaderOfThatIsLeft() throws Exception {
        Chunk first = image.chunk(1).block(1).write();
        image.chunk(2).block(20).write();
        Chunk newer =
                image.chunk(2).incarnation(2, 2).block(21).at(2, 0).after(first).write();
        Incarnations table = new Incarnations();
        table.add(1, 1);
        table.add(2, 2);
        table.add(3, 3);
        image.checkpoint(1, new Marks(2, 0, 1), false, 3, 3, table);
        image.damage(newer, 0);
        assertThatThrownBy(image::open)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DAMAGED))
                .hasMessageContaining("chunk 2");
    }

    @Test
    void ofTheSameSeqTheHigherSegmentIdCounts() throws Exception {
        Chunk first = image.chunk(1).block(1).write();
        image.chunk(2).block(2).write();
        image.chunk(2).block(2).at(2, 0).after(first).write();
        image.chunk(3).block(3).write();
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1", "2@2.0 W2", "3@2.2 W3");
        }
    }

    /** Its data where it was written first may be what the failed sync lost. */
    @Test
    void aChunkThatWasWrittenAgainAndWhoseNewerHeaderIsGoneIsReadWhereTheNextOneSays() throws Exception {
        image.chunk(1).block(1).at(32, 0).write();
        Chunk again = image.chunk(1).block(1).at(33, 0).after(null).write();
        image.chunk(2).block(2).knowing(1, 0, 1).write();
        image.damage(again, 0);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@33.0 W1", "2@33.2 W2");
        }
    }

    @Test
    void aCrashHalfWayThroughWritingAgainLeavesALogThatOpens() throws Exception {
        // 2, 3 and 4 were written; a sync failed; 2 was written again, and synced; then the process was killed.
        Chunk first = image.chunk(1).block(1).write();
        Chunk second = image.chunk(2).block(2).write();
        image.chunk(3).block(3).write();
        image.chunk(4).block(4).write();
        Chunk again = image.chunk(2).block(2).at(2, 0).after(first).write();
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1", "2@2.0 W2");
            assertThat(opened.log.placeOf(2, 0) / 256).isEqualTo(again.position() + 1);
            assertThat(opened.seqHolding(2)).isEqualTo(2);
        }
        image.damage(second, 0);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1", "2@2.0 W2");
        }
    }

    @Test
    void aChunkWhosePredecessorWasWrittenAgainButIsNotThereDoesNotCount() throws Exception {
        // After a failed sync 2 and 3 were written again, behind; of these only 3 survived.
        Chunk first = image.chunk(1).block(1).write();
        image.chunk(2).block(2).write();
        Chunk again = image.chunk(2).block(2).at(2, 0).after(first).write();
        image.chunk(3).block(3).write();
        image.erase(again, 0);
        image.erase(again, 1);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1", "2@1.2 W2");
        }
        // Else 2, now on record as durable, would be looked for where 3 says.
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1", "2@1.2 W2");
        }
    }

    @Test
    void theRoomOfAChunkThatWasWrittenAgainIsNotFreeBeforeOldestPassesIt() throws Exception {
        Chunk first = image.chunk(1).block(1).write();
        image.chunk(2).block(2).at(2, 0).after(first).write();
        image.chunk(2).block(2).at(3, 0).after(first).write();
        try (OpenLog opened = image.open()) {
            assertThat(opened.log.segments().freeSegments()).isEqualTo(LogImage.SEGMENTS - 3);
            opened.log.checkpoint(2, 3, false);
            assertThat(opened.log.segments().freeSegments()).isEqualTo(LogImage.SEGMENTS);
        }
    }

    /** It was free when the incarnation began that voids it. If it counted as used later, a full log could have no room for writeback. */
    @Test
    void theRoomOfWhatALaterIncarnationVoidsIsFree() throws Exception {
        Chunk first = image.chunk(1).block(1).write();
        image.chunk(2).block(2).at(2, 0).after(first).write();
        image.chunk(2).block(2).at(3, 0).after(first).write();
        image.chunk(2).incarnation(2, 2).block(21).at(4, 0).after(first).write();
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1", "2@4.0 W21");
            assertThat(opened.log.segments().freeSegments()).isEqualTo(LogImage.SEGMENTS - 2);
        }
    }

    @Test
    void alsoTheRoomOfTheOldestChunkWhenItWasWrittenAgain() throws Exception {
        image.chunk(1).block(1).write();
        image.chunk(1).block(1).at(2, 0).after(null).write();
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@2.0 W1");
            assertThat(opened.log.segments().freeSegments()).isEqualTo(LogImage.SEGMENTS - 2);
        }
    }

    @Test
    void cache15HeadersOfEarlierLapsAreNotTaken() throws Exception {
        // Segment 1 held seq 1 to 3; 33 lies in the same slot and so far has only its first chunk.
        image.chunk(1).blocks(1, 2).write();
        image.chunk(2).blocks(4, 2).write();
        image.chunk(3).blocks(7, 2).write();
        Chunk before = image.chunk(39)
                .block(39)
                .at(32, 0)
                .after(null)
                .knowing(30, 30, 31)
                .write();
        image.chunk(40)
                .blocks(40, 2)
                .at(33, 0)
                .after(before)
                .knowing(39, 38, 39)
                .write();
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("39@32.0 W39", "40@33.0 W40 W41");
        }
    }

    @Test
    void cache15AnImageOfAnotherCacheStoredInsideThisOneIsData() throws Exception {
        LogImage.Chunk inner =
                image.chunk(2).ofCache(new UUID(7, 7)).block(66).at(1, 3).write();
        byte[] header = new byte[Geometry.BLOCK_BYTES];
        inner.bytes().get(0, header);
        storeAsData(header, 1);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1 W2");
        }
    }

    @Test
    void anImageOfThisVeryCacheStoredInsideItIsData() throws Exception {
        // A header of this cache that was written for another place, found where a lost header makes one search.
        Chunk elsewhere = image.chunk(3).block(66).at(4, 5).write();
        byte[] header = new byte[Geometry.BLOCK_BYTES];
        elsewhere.bytes().get(0, header);
        image.erase(elsewhere, 0);
        Chunk holder = storeAsData(header, 1);
        Chunk rotten = image.chunk(2).block(9).after(holder).write();
        image.chunk(3).block(10).knowing(2, 0, 1).write();
        image.damage(holder, 0);
        image.damage(rotten, 1);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1 W2", "2@1.3 W9", "3@1.5 W10");
        }
    }

    /** Seq 1 holds blocks 1 and 2; the content of the second is a header. */
    private Chunk storeAsData(byte[] header, long seq) throws Exception {
        int crc = new Crc().of(ByteBuffer.wrap(header), 0, header.length);
        Chunk holder = image.chunk(seq).block(1).at(1, 0).after(null);
        int data = holder.buffer.addBlock(2, EntryKind.WRITTEN, 0xFF, 0xFF, crc);
        holder.buffer.memory().put(ChunkBuffer.dataAt(data), header);
        return holder.write();
    }

    @Test
    void openingAgainAndAgainWithoutWritingKeepsTheTableOfIncarnationsSmall() throws Exception {
        image.chunk(1).block(1).write();
        for (int i = 0; i < 20; i++) {
            try (OpenLog opened = image.open()) {
                assertThat(opened.chunks).containsExactly("1@1.0 W1");
            }
        }
        Checkpoint newest =
                new LogScanner(image.cache, image.superblock).readCheckpoints().get(0);
        assertThat(newest.incarnation()).isEqualTo(21);
        assertThat(newest.incarnations().size()).isEqualTo(2);
    }

    /** Else the table would not fit a checkpoint, and what it no longer names would come back. */
    @Test
    void aLogWithMoreIncarnationsThanATableHoldsIsNotOpened() throws Exception {
        image.chunk(1).block(1).write();
        incarnations(Checkpoint.MAX_INCARNATIONS);
        assertThatThrownBy(image::open)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE))
                .hasMessageContaining("opened too often");
        incarnations(Checkpoint.MAX_INCARNATIONS - 1);
        try (OpenLog opened = image.open()) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1");
        }
    }

    /** A checkpoint that names so many, each of which still voids something. */
    private void incarnations(int count) throws Exception {
        Incarnations table = new Incarnations();
        table.add(1, 1);
        for (int number = 2; number <= count; number++) {
            table.add(number, number % 2 == count % 2 ? 3 : 2);
        }
        image.checkpoint(1, new Marks(1, 0, 1), false, count, 3, table);
    }

    @Test
    void theTableNamesEveryIncarnationThatStillVoidsSomething() throws Exception {
        for (int i = 0; i < 4; i++) {
            try (OpenLog opened = image.open().start()) {
                opened.durableChunk(i);
            }
        }
        Checkpoint newest =
                new LogScanner(image.cache, image.superblock).readCheckpoints().get(0);
        Incarnations table = newest.incarnations();
        assertThat(table.size()).isEqualTo(4);
        for (int i = 0; i < 4; i++) {
            assertThat(table.number(i)).isEqualTo(i + 1);
            assertThat(table.firstSeq(i)).isEqualTo(i + 1);
        }
        try (OpenLog opened = image.open()) {
            opened.log.checkpoint(3, 4, false);
        }
        newest = new LogScanner(image.cache, image.superblock).readCheckpoints().get(0);
        assertThat(newest.incarnations().size()).isEqualTo(2);
        assertThat(newest.incarnations().number(0)).isEqualTo(4);
    }
}
