package writeboost.engine.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.inspect.Finding.Part;
import writeboost.engine.inspect.Finding.Stake;

@Timeout(300)
class VerifierTest {
    private SmallCache c;

    /** A live chunk and where it lies. */
    private record Place(ChunkInfo chunk, long segmentId, int slot) {
        long byteOffset() {
            return SmallCache.byteOffset(slot, chunk.offset());
        }
    }

    @BeforeEach
    void setUp() throws Exception {
        c = SmallCache.filled();
    }

    @AfterEach
    void tearDown() throws Exception {
        c.close();
    }

    private List<Place> liveChunks() throws Exception {
        Inspection inspection = c.inspect();
        List<Place> places = new ArrayList<>();
        for (SegmentInfo s : inspection.segments()) {
            if (s.liveChunks() > 0) {
                for (ChunkInfo chunk : inspection.segment(s.id()).orElseThrow().chunks()) {
                    places.add(new Place(chunk, s.id(), s.slot()));
                }
            }
        }
        places.removeIf(p -> p.chunk().state() != ChunkInfo.State.LIVE);
        places.sort((a, b) -> Long.compare(a.chunk().seq(), b.chunk().seq()));
        return places;
    }

    private Finding onlyFinding(String flipped) throws Exception {
        Verdict v = c.verify();
        assertThat(v.findings()).as(flipped).hasSize(1);
        assertThat(v.isSound()).as(flipped).isFalse();
        return v.findings().get(0);
    }

    @Test
    void aCacheThatWasSyncedAndStoppedDeadIsSound() throws Exception {
        Verdict v = c.verify();
        assertThat(v.findings()).isEmpty();
        assertThat(v.isSound()).isTrue();
        assertThat(v.notes()).isEmpty();
        assertThat(v.chunks()).isGreaterThanOrEqualTo(7);
        assertThat(v.dataBlocks()).isGreaterThanOrEqualTo(45);
        assertThat(v.dirtyBlocks()).isEqualTo(1 + 3 + 40);
    }

    @Test
    void everyByteOfTheNewestHeaderIsGuardedAndItsPlaceIsNamed() throws Exception {
        List<Place> live = liveChunks();
        everyByteOfTheHeader(live.get(live.size() - 1), Stake.DATA);
    }

    @Test
    void everyByteOfAHeaderWithACopyIsGuardedAndItsPlaceIsNamed() throws Exception {
        everyByteOfTheHeader(liveChunks().get(2), Stake.NONE);
    }

    private void everyByteOfTheHeader(Place p, Stake stake) throws Exception {
        for (int i = 0; i < 4096; i++) {
            c.flip(p.byteOffset() + i, 1 << i % 8);
            Finding f = onlyFinding(
                    "byte " + i + " of the header of chunk " + p.chunk().seq());
            assertThat(f.part()).isEqualTo(Part.HEADER);
            assertThat(f.stake()).isEqualTo(stake);
            assertThat(f.seq()).isEqualTo(p.chunk().seq());
            assertThat(f.segmentId()).isEqualTo(p.segmentId());
            assertThat(f.slot()).isEqualTo(p.slot());
            assertThat(f.offset()).isEqualTo(p.chunk().offset());
            assertThat(f.byteOffset()).isEqualTo(p.byteOffset());
            c.flip(p.byteOffset() + i, 1 << i % 8);
        }
        assertThat(c.verify().isSound()).isTrue();
    }

    @Test
    void theHeaderOfEveryLiveChunkIsGuarded() throws Exception {
        List<Place> live = liveChunks();
        long newest = live.get(live.size() - 1).chunk().seq();
        for (Place p : live) {
            boolean last = p.chunk().seq() == newest;
            for (int at : new int[] {0, 12, 16, 32, 40, 44, 48, 56, 80, 122, 128, 256, 300, 4095}) {
                c.flip(p.byteOffset() + at, 0x80);
                Finding f = onlyFinding(
                        "byte " + at + " of the header of chunk " + p.chunk().seq());
                assertThat(f.part()).isEqualTo(Part.HEADER);
                assertThat(f.seq()).isEqualTo(p.chunk().seq());
                assertThat(f.byteOffset()).isEqualTo(p.byteOffset());
                assertThat(f.segmentId()).isEqualTo(p.segmentId());
                assertThat(f.stake()).isEqualTo(last ? Stake.DATA : Stake.NONE);
                c.flip(p.byteOffset() + at, 0x80);
            }
        }
    }

    @Test
    void everyBlockOfLiveDataIsGuardedAndItsWorthIsTold() throws Exception {
        int checked = 0;
        for (Place p : liveChunks()) {
            for (EntryInfo e : p.chunk().entries()) {
                if (e.offset() == null) {
                    continue;
                }
                for (int at : new int[] {0, 511, 512, 2000, 4095}) {
                    long flipped = SmallCache.byteOffset(p.slot(), e.offset()) + at;
                    c.flip(flipped, 1);
                    Finding f = onlyFinding("byte " + at + " of block " + e.address());
                    assertThat(f.part()).isEqualTo(Part.DATA);
                    assertThat(f.segmentId()).isEqualTo(p.segmentId());
                    assertThat(f.offset()).isEqualTo(e.offset());
                    assertThat(f.seq()).isEqualTo(p.chunk().seq());
                    assertThat(f.address()).isEqualTo(e.address());
                    assertThat(f.byteOffset()).isEqualTo(flipped - at);
                    assertThat(f.stake())
                            .isEqualTo(
                                    switch (e.state()) {
                                        case DIRTY -> Stake.DATA;
                                        case CLEAN -> Stake.COPY;
                                        default -> Stake.NONE;
                                    });
                    c.flip(flipped, 1);
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(200);
    }

    @Test
    void everyByteOfBothSuperblocksIsGuarded() throws Exception {
        for (long at : new long[] {0, c.cache.sizeBytes() - 4096}) {
            for (int i = 0; i < 4096; i += i < 160 ? 1 : 7) {
                c.flip(at + i, 4);
                Finding f = onlyFinding("byte " + i + " of the superblock at " + at);
                assertThat(f.part()).isEqualTo(Part.SUPERBLOCK);
                assertThat(f.byteOffset()).isEqualTo(at);
                assertThat(f.stake()).isEqualTo(Stake.NONE);
                c.flip(at + i, 4);
            }
        }
    }

    @Test
    void everyByteOfBothCopiesOfTheNewestCheckpointIsGuarded() throws Exception {
        long newest = Objects.requireNonNull(c.inspect().summary().checkpoint()).generation();
        for (int copy = 0; copy < 2; copy++) {
            long at = (16 + 8 * (2 * (newest % 2) + copy)) * 4096;
            for (int i = 0; i < 4096; i++) {
                for (int bit = 1; bit < (i < 128 ? 256 : 2); bit <<= 1) {
                    c.flip(at + i, bit);
                    Finding f = onlyFinding("bit " + bit + " of byte " + i + " of copy " + copy + " of the checkpoint");
                    assertThat(f.part()).isEqualTo(Part.CHECKPOINT);
                    assertThat(f.byteOffset()).isEqualTo(at);
                    assertThat(f.stake()).isEqualTo(Stake.NONE);
                    c.flip(at + i, bit);
                }
            }
        }
    }
}
