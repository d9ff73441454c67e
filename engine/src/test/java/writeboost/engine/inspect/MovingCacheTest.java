package writeboost.engine.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.Settings;
import writeboost.engine.cache.TestPair;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.ForwardingDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.log.Blocks;
import writeboost.engine.log.Geometry;

/** A cache that is being written, round and round, while it is looked at. */
@Timeout(180)
class MovingCacheTest {
    private static final int LOOKS = 60;
    private static final int BACKING_BLOCKS = 4096;

    private final MemoryDevice cache = new MemoryDevice("cache", Geometry.minCacheBytes(16));

    /** Something that looks at the cache while it is written. */
    @FunctionalInterface
    private interface Look {
        void look() throws Exception;
    }

    /** Looks again and again until the log has gone round, too. */
    private void whileWriting(Look look) throws Exception {
        MemoryDevice backing = new MemoryDevice("backing", BACKING_BLOCKS * 4096L);
        try (TestPair pair = new TestPair(cache, backing, 16, new Settings(100, 4, 1, 1, 0))) {
            AtomicBoolean end = new AtomicBoolean();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread writer = new Thread(() -> write(pair, end, failure));
            writer.start();
            try {
                for (int i = 0; i < LOOKS || pair.disk.snapshot().headId() < 100; i++) {
                    look.look();
                }
            } finally {
                end.set(true);
                writer.join();
            }
            assertThat(failure.get()).isNull();
        }
    }

    private static void write(TestPair pair, AtomicBoolean end, AtomicReference<Throwable> failure) {
        Random random = new Random(3);
        byte[] data = new byte[20 * 4096];
        try {
            while (!end.get()) {
                random.nextBytes(data);
                long address = random.nextInt(BACKING_BLOCKS - 20);
                if (random.nextInt(10) == 0) {
                    pair.trim(address * 4096, data.length);
                } else {
                    pair.write(address * 4096, java.util.Arrays.copyOf(data, (1 + random.nextInt(20)) * 4096));
                }
                if (random.nextInt(5) == 0) {
                    pair.flush();
                }
            }
        } catch (RuntimeException e) {
            failure.set(e);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void itIsNeverTakenForDamaged(boolean knownToBeServed) throws Exception {
        long[] blocks = new long[1];
        whileWriting(() -> {
            Verdict v = Inspection.verify(cache, knownToBeServed, Progress.NONE);
            assertThat(v.findings()).isEmpty();
            assertThat(v.notes()).noneMatch(note -> note.contains("by force") && note.contains("chunk"));
            blocks[0] += v.dataBlocks();
        });
        assertThat(blocks[0]).isPositive();
    }

    @Test
    void aHeaderThatCameAfterItWasLookedForIsNotDamagedThoughNothingIsWrittenSince() throws Exception {
        try (SmallCache small = SmallCache.filled()) {
            Verdict v = Inspection.verify(new LateHeader(small.cache), false, Progress.NONE);
            assertThat(v.findings()).isEmpty();
            assertThat(v.moving()).isTrue();
        }
    }

    /** Its first chunk is not there yet when it is read first. */
    private static final class LateHeader extends ForwardingDevice {
        private boolean there;

        LateHeader(BlockDevice inner) {
            super(inner);
        }

        @Override
        public void read(long offsetBytes, ByteBuffer into) throws IOException {
            int at = into.position();
            super.read(offsetBytes, into);
            if (offsetBytes == SmallCache.byteOffset(0, 0) && !there) {
                Blocks.zero(into, at, 4096);
                there = into.position() - at > 4096; // Until the whole segment was searched, too.
            }
        }
    }

    @Test
    void itIsShownAsItWas() throws Exception {
        whileWriting(() -> {
            Inspection inspection = Inspection.ofDevice(cache, true, Progress.NONE);
            CacheSummary summary = inspection.summary();
            assertThat(summary.moving()).isTrue();
            assertThat(summary.damagedHeaders()).isZero();
            assertThat(summary.oldest()).isLessThanOrEqualTo(summary.tail() + 1);
            assertThat(summary.tail()).isLessThanOrEqualTo(summary.durable());
            assertThat(summary.lastSeq()).isEqualTo(summary.durable());
            for (SegmentInfo s : inspection.segments()) {
                inspection.segment(s.id());
            }
            inspection.block(7, Progress.NONE);
        });
    }
}
