package writeboost.engine.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.random;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.cache.PairSnapshot;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.TestPair;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest.Op;

/** What the log costs: bytes on the cache device, room, writes to the disk. */
@Timeout(60)
class CostTest {
    @Test
    @Tag("slow")
    void randomWritesCostTwoPercentMoreThanTheirBytes() throws Exception {
        try (TestPair pair = TestPair.ofSegments(256, 1 << 30, TestPair.QUIET)) {
            byte[] data = random(1, BLOCK);
            Random random = new Random(2);
            int blocks = (int) (64 * MIB / BLOCK);
            long before = pair.disk.snapshot().statistics().cacheBytesWritten();
            CompletableFuture<?>[] writes = new CompletableFuture<?>[64];
            for (int i = 0; i < blocks; i++) {
                if (writes[i % 64] != null) {
                    assertThat(writes[i % 64].join()).isEqualTo(DiskError.OK);
                }
                writes[i % 64] = pair.start(Op.WRITE, (long) random.nextInt(1 << 18) * BLOCK, BLOCK, data, false);
            }
            CompletableFuture.allOf(writes).join();
            pair.disk.sync();
            PairSnapshot s = pair.disk.snapshot();
            long written = s.statistics().cacheBytesWritten() - before;
            assertThat(s.statistics().userBytesWritten()).isEqualTo(64 * MIB);
            assertThat((double) written / (64 * MIB)).isLessThanOrEqualTo(1.02);
        }
    }

    @Test
    void aLoneFlushedWriteCostsTwoBlocks() throws Exception {
        try (TestPair pair = TestPair.ofSegments(64, 64 * MIB, TestPair.QUIET)) {
            long before = pair.disk.snapshot().statistics().cacheBytesWritten();
            for (int i = 0; i < 1000; i++) {
                assertThat(pair.write((7919L * i % 16000) * BLOCK, random(i, BLOCK)))
                        .isEqualTo(DiskError.OK);
                assertThat(pair.flush()).isEqualTo(DiskError.OK);
            }
            PairSnapshot s = pair.disk.snapshot();
            long blocks = (s.statistics().cacheBytesWritten() - before) / BLOCK;
            assertThat(blocks).isBetween(2000L, 2000L + 8); // a checkpoint may come between
            assertThat(s.segments() - s.freeSegments()).isEqualTo(16);
            assertThat(s.headSeq()).isEqualTo(1000);
        }
    }

    @Test
    void aFlushWithNothingNewCostsNothing() throws Exception {
        try (TestPair pair = TestPair.ofSegments(64, 64 * MIB, TestPair.QUIET)) {
            pair.write(0, random(1, BLOCK));
            pair.flush();
            long head = pair.disk.snapshot().headSeq();
            for (int i = 0; i < 100; i++) {
                pair.flush();
            }
            assertThat(pair.disk.snapshot().headSeq()).isEqualTo(head);
            assertThat(pair.disk.snapshot().statistics().chunksWritten()).isEqualTo(1);
        }
    }

    @Test
    void writesOfOneBlockInOneBufferCostOnce() throws Exception {
        try (TestPair pair = TestPair.ofSegments(64, 64 * MIB, TestPair.QUIET)) {
            for (int i = 0; i < 500; i++) {
                pair.write(4096, random(i, BLOCK));
                pair.write(8192 + 512, random(i, 512));
            }
            pair.flush();
            PairSnapshot s = pair.disk.snapshot();
            assertThat(s.statistics().chunksWritten()).isEqualTo(1);
            assertThat(s.dirtyBlocks()).isEqualTo(2);
            pair.disk.flush(Progress.NONE);
            assertThat(pair.backing(4096, BLOCK)).isEqualTo(random(499, BLOCK));
            assertThat(pair.backing(8192 + 512, 512)).isEqualTo(random(499, 512));
        }
    }

    @Test
    void backingWritesAreFewerThanBlocksWhereNeighboursExist() throws Exception {
        try (TestPair pair = TestPair.ofSegments(128, 64 * MIB, TestPair.QUIET)) {
            Random random = new Random(3);
            for (int i = 0; i < 4000; i++) {
                pair.write((long) random.nextInt(2000) * BLOCK, random(i, BLOCK));
            }
            long dirty = pair.disk.snapshot().dirtyBlocks();
            pair.disk.flush(Progress.NONE);
            PairSnapshot.Statistics s = pair.disk.snapshot().statistics();
            assertThat(s.backingBytesWritten()).isEqualTo(dirty * BLOCK);
            assertThat(s.backingWrites()).isLessThan(dirty * 3 / 4);
        }
    }
}
