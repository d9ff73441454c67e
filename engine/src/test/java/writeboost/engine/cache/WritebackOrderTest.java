package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.log.Geometry;

/** What the backing device sees of writeback. */
@Timeout(120)
class WritebackOrderTest {
    private static final int BLOCK = 4096;
    private static final int DISK_BLOCKS = 16_384;
    private static final int WRITTEN = 5_000;
    private static final int SEGMENTS = 160;
    private static final int BATCH_SEGMENTS = 32;

    private record Write(long offset, int length) {}

    /** The writes between two syncs. */
    private final List<List<Write>> passes = Collections.synchronizedList(new ArrayList<>(List.of(new ArrayList<>())));

    @Test
    void aBatchIsOneSortedPassInWhichNeighboursAreOneWrite() throws Exception {
        BlockDevice backing = observed(new MemoryDevice("backing", (long) DISK_BLOCKS * BLOCK));
        long cacheBytes = Geometry.minCacheBytes(Geometry.SEGMENT_BLOCKS) + (SEGMENTS - 32) * 512L * 1024;
        try (TestPair p =
                new TestPair(new MemoryDevice("cache", cacheBytes), backing, Geometry.SEGMENT_BLOCKS, TestPair.QUIET)) {
            List<Integer> blocks = shuffledBlocks();
            for (int block : blocks) {
                assertThat(p.write((long) block * BLOCK, content(block))).isEqualTo(DiskError.OK);
            }
            passes.clear();
            passes.add(new ArrayList<>());
            p.disk.flush(Progress.NONE);

            List<List<Write>> seen =
                    passes.stream().filter(pass -> !pass.isEmpty()).toList();
            assertThat(seen).hasSize((WRITTEN + 127 * BATCH_SEGMENTS - 1) / (127 * BATCH_SEGMENTS));
            seen.forEach(WritebackOrderTest::isSortedAndMerged);
            long bytes =
                    seen.stream().flatMap(List::stream).mapToLong(Write::length).sum();
            assertThat(bytes).isEqualTo((long) WRITTEN * BLOCK);
            assertThat(seen.stream().mapToInt(List::size).sum()).isLessThan(WRITTEN * 9 / 10);
            for (int block : blocks) {
                assertThat(p.backing((long) block * BLOCK, BLOCK)).isEqualTo(content(block));
            }
        }
    }

    /** No write touches the one before it (unless that was of the largest size), and addresses only grow. */
    private static void isSortedAndMerged(List<Write> pass) {
        long end = -1;
        int length = 0;
        for (Write write : pass) {
            assertThat(write.offset).isGreaterThanOrEqualTo(end);
            if (write.offset == end) {
                assertThat(length).isEqualTo(1 << 20);
            }
            end = write.offset + write.length;
            length = write.length;
        }
    }

    private static List<Integer> shuffledBlocks() {
        List<Integer> blocks = new ArrayList<>();
        for (int i = 0; i < DISK_BLOCKS; i++) {
            blocks.add(i);
        }
        Collections.shuffle(blocks, new Random(3));
        return blocks.subList(0, WRITTEN);
    }

    private static byte[] content(int block) {
        byte[] content = new byte[BLOCK];
        new Random(block).nextBytes(content);
        return content;
    }

    private BlockDevice observed(BlockDevice inner) {
        return (BlockDevice) Proxy.newProxyInstance(
                BlockDevice.class.getClassLoader(), new Class<?>[] {BlockDevice.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("write")) {
                        int length = ((ByteBuffer) arguments[1]).remaining();
                        passes.get(passes.size() - 1).add(new Write((Long) arguments[0], length));
                    } else if (method.getName().equals("sync")) {
                        passes.add(new ArrayList<>());
                    }
                    try {
                        return method.invoke(inner, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
