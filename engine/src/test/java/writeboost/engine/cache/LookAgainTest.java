package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static writeboost.engine.cache.TestData.BLOCK;
import static writeboost.engine.cache.TestData.MIB;
import static writeboost.engine.cache.TestData.SECTOR;
import static writeboost.engine.cache.TestData.random;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.ForwardingDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.log.Geometry;

/** Who reads from a device and finds that the block was changed meanwhile looks again, however often. */
@Timeout(60)
class LookAgainTest {
    /** Reads of the cache device in a row during which the block is overwritten: more than make a block count as damaged. */
    private static final int CHANGES = 6;

    private static final int SIZE = (int) (8 * MIB);

    private final Hooked cache = new Hooked(new MemoryDevice("ssd", Geometry.minCacheBytes(32)));
    private final Hooked backing = new Hooked(new MemoryDevice("disk", SIZE));
    private final TestPair pair;

    LookAgainTest() throws Exception {
        TestData.fill(backing, 77);
        pair = new TestPair(cache, backing, 32, TestPair.QUIET);
    }

    @AfterEach
    void close() throws Exception {
        pair.close();
    }

    /** A device whose reads a test steps in, on the reader's own thread. */
    private static final class Hooked extends ForwardingDevice {
        volatile Hook beforeRead = offset -> {};
        volatile Hook afterRead = offset -> {};

        /** What happens meanwhile. */
        @FunctionalInterface
        interface Hook {
            void at(long offset) throws IOException;
        }

        Hooked(BlockDevice inner) {
            super(inner);
        }

        @Override
        public void read(long offsetBytes, ByteBuffer into) throws IOException {
            beforeRead.at(offsetBytes);
            inner().read(offsetBytes, into);
            afterRead.at(offsetBytes);
        }
    }

    @Test
    void aBlockThatIsOverwrittenDuringEachLookIsNoDamage() throws Exception {
        byte[] first = random(0, SECTOR);
        assertThat(pair.write(BLOCK, first)).isEqualTo(DiskError.OK); // a part of a block, which is read alone
        assertThat(pair.flush()).isEqualTo(DiskError.OK);
        AtomicInteger changes = new AtomicInteger();
        cache.beforeRead = offset -> {
            if (changes.get() < CHANGES) {
                int n = changes.incrementAndGet();
                assertThat(pair.write(BLOCK, random(n, SECTOR))).isEqualTo(DiskError.OK);
                assertThat(pair.flush()).isEqualTo(DiskError.OK);
                TestData.put(cache, offset, random(1000 + n, BLOCK)); // as when the room was used anew
            }
        };
        assertThat(pair.read(BLOCK, SECTOR)).isEqualTo(random(CHANGES, SECTOR));
        assertThat(changes).hasValue(CHANGES);
        assertThat(pair.disk.snapshot().damagedBlocks()).isZero();
    }

    /** Its entry is the same, none, before and after: only the stamp tells. */
    @Test
    void aPartialWriteWhoseBlockWasWrittenBackAndForgottenMeanwhileReadsTheDiskAgain() throws Exception {
        byte[] whole = random(5, BLOCK);
        byte[] part = random(6, 100);
        AtomicInteger reads = new AtomicInteger();
        backing.afterRead = offset -> {
            if (offset == BLOCK && reads.incrementAndGet() == 1) {
                assertThat(pair.write(BLOCK, whole)).isEqualTo(DiskError.OK);
                pair.disk.drop(Progress.NONE);
            }
        };
        assertThat(pair.write(BLOCK + 700, part)).isEqualTo(DiskError.OK);
        assertThat(reads.get()).isGreaterThan(1);
        System.arraycopy(part, 0, whole, 700, part.length);
        assertThat(pair.read(BLOCK, BLOCK)).isEqualTo(whole);
    }
}
