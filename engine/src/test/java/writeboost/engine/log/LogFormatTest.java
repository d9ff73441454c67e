package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.TapeDevice.Op;

class LogFormatTest {
    private static final long LEAST = Geometry.minCacheBytes(16);

    private final MemoryDevice backing = new MemoryDevice("disk", 8 << 20);

    private void format(writeboost.engine.device.BlockDevice cache, UUID uuid) throws IOException {
        LogFormat.format(cache, backing, uuid, LogImage.PAIR, 16, 77);
    }

    @Test
    void theResultIsAnEmptyLogThatRemembersBothDevices() throws Exception {
        MemoryDevice cache = new MemoryDevice("ssd", LEAST);
        format(cache, LogImage.CACHE);
        Superblock s = Superblock.read(cache).orElseThrow();
        assertThat(s.cacheUuid()).isEqualTo(LogImage.CACHE);
        assertThat(s.pairUuid()).isEqualTo(LogImage.PAIR);
        assertThat(s.backing().stableName()).isEqualTo("disk");
        assertThat(s.backing().sizeBytes()).isEqualTo(8 << 20);
        assertThat(s.backingSectorBytes()).isEqualTo(512);
        assertThat(s.formattedMs()).isEqualTo(77);
        try (OpenLog opened = OpenLog.open(cache, backing)) {
            assertThat(opened.chunks).isEmpty();
            assertThat(opened.log.segments().freeSegments()).isEqualTo(32);
        }
    }

    @Test
    void aDeviceThatIsTooSmallIsLeftAlone() throws Exception {
        MemoryDevice cache = new MemoryDevice("ssd", LEAST - 512);
        cache.write(0, LogImage.content(1, 1));
        assertThatThrownBy(() -> format(cache, LogImage.CACHE))
                .hasMessageContainingAll("ssd", Long.toString(LEAST - 512), Long.toString(LEAST), "Nothing was changed")
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SIZE));
        ByteBuffer b = Blocks.allocate(1);
        cache.read(0, b);
        assertThat(b.flip()).isEqualTo(LogImage.content(1, 1));
    }

    @Test
    void nothingOfAnEarlierLogShinesThrough() throws Exception {
        MemoryDevice cache = new MemoryDevice("ssd", LEAST);
        format(cache, LogImage.CACHE);
        try (OpenLog opened = OpenLog.open(cache, backing).start()) {
            for (int i = 0; i < 20; i++) {
                opened.durableChunk(i);
                opened.log.checkpoint(0, 1, false);
            }
        }
        format(cache, new UUID(9, 9));
        try (OpenLog opened = OpenLog.open(cache, backing)) {
            assertThat(opened.chunks).isEmpty();
            assertThat(opened.marks()).isEqualTo(new Marks(0, 0, 1));
        }
    }

    @Test
    void interruptedAnywhereItLeavesTheOldCacheNoCacheOrAnEmptyOne() throws Exception {
        int calls = 0;
        boolean finished = false;
        while (!finished) {
            for (boolean keep : new boolean[] {false, true}) {
                TapeDevice cache = new TapeDevice("ssd", LEAST);
                format(cache, LogImage.CACHE);
                try (OpenLog opened = OpenLog.open(cache, backing).start()) {
                    opened.durableChunk(1, 2, 3);
                }
                cache.rewind();
                int limit = calls;
                cache.before = call -> {
                    if (cache.calls().size() > limit) {
                        throw new IOException("interrupted");
                    }
                };
                finished = formats(cache);
                cache.cutPower(call -> keep);
                cache.rewind();
                assertOldNoneOrEmpty(cache, limit);
            }
            calls++;
        }
        assertThat(calls).isGreaterThan(10);
    }

    private boolean formats(TapeDevice cache) {
        try {
            format(cache, new UUID(9, 9));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void assertOldNoneOrEmpty(TapeDevice cache, int calls) throws IOException {
        var superblock = Superblock.read(cache);
        if (superblock.isEmpty()) {
            return;
        }
        try (OpenLog opened = OpenLog.open(cache, backing)) {
            if (superblock.get().cacheUuid().equals(LogImage.CACHE)) {
                assertThat(opened.chunks).as("after %s calls", calls).containsExactly("1@1.0 W1 W2 W3");
            } else {
                assertThat(opened.chunks).as("after %s calls", calls).isEmpty();
            }
        }
    }

    @Test
    void theOldSuperblocksAreGoneDurablyBeforeAnythingElseIsWritten() throws Exception {
        TapeDevice cache = new TapeDevice("ssd", LEAST);
        format(cache, LogImage.CACHE);
        var ops = cache.calls();
        long second = Geometry.secondSuperblockByteOffset(LEAST);
        assertThat(ops.subList(0, 2).stream().map(TapeDevice.Call::offsetBytes)).containsExactlyInAnyOrder(0L, second);
        assertThat(ops.get(2).op()).isEqualTo(Op.SYNC);
        int n = ops.size();
        assertThat(ops.get(n - 1).op()).isEqualTo(Op.SYNC);
        assertThat(ops.subList(n - 3, n - 1).stream().map(TapeDevice.Call::offsetBytes))
                .containsExactlyInAnyOrder(0L, second);
        assertThat(ops.get(n - 4).op()).isEqualTo(Op.SYNC);
    }
}
