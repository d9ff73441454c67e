package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import writeboost.engine.task.ThreadTasks;

class BufferPoolTest {
    private final BufferPool pool = new BufferPool(new ThreadTasks((thread, e) -> {}));

    @Test
    void buffersAreDirectAlignedAndOfTheLengthAskedFor() throws Exception {
        for (int length : new int[] {1, 4095, 4096, 4097, 65536, 100_000, 32 << 20}) {
            ByteBuffer buffer = pool.take(length);
            assertThat(buffer.isDirect()).isTrue();
            assertThat(buffer.alignmentOffset(0, 4096)).isZero();
            assertThat(buffer.position()).isZero();
            assertThat(buffer.limit()).isEqualTo(length);
            assertThat(buffer.capacity()).isEqualTo(BufferPool.capacityFor(length));
            pool.give(buffer);
        }
    }

    @Test
    void capacitiesAreTheNextPowerOfTwo() {
        assertThat(BufferPool.capacityFor(1)).isEqualTo(4096);
        assertThat(BufferPool.capacityFor(4096)).isEqualTo(4096);
        assertThat(BufferPool.capacityFor(4097)).isEqualTo(8192);
        assertThat(BufferPool.capacityFor(32 << 20)).isEqualTo(32 << 20);
    }

    @Test
    void aBufferGivenBackIsTakenAgain() throws Exception {
        ByteBuffer first = pool.take(5000);
        first.position(77).limit(80);
        pool.give(first);
        ByteBuffer again = pool.take(8000);
        assertThat(again).isSameAs(first);
        assertThat(again.position()).isZero();
        assertThat(again.limit()).isEqualTo(8000);
    }

    @Test
    void whatIsOutAndWhatLiesIdleIsCounted() throws Exception {
        ByteBuffer a = pool.take(4096);
        ByteBuffer b = pool.take(5000);
        assertThat(pool.outBytes()).isEqualTo(4096 + 8192);
        pool.give(a);
        assertThat(pool.outBytes()).isEqualTo(8192);
        assertThat(pool.idleBytes()).isEqualTo(4096);
        pool.give(b);
        assertThat(pool.outBytes()).isZero();
    }

    @Test
    void onlySoMuchLiesIdle() throws Exception {
        List<ByteBuffer> many = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            many.add(pool.take(16 << 20));
        }
        many.forEach(pool::give);
        assertThat(pool.idleBytes()).isEqualTo(Limits.IDLE_BUFFER_BYTES_MAX);
        assertThat(pool.outBytes()).isZero();
    }
}
