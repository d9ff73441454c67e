package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/** What the pool keeps from the system, and what it asks for, by a source that counts. */
@Timeout(120)
class BufferPoolBoundsTest {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;
    private static final long IDLE_MAX = Limits.IDLE_BUFFER_BYTES_MAX;

    /** All that is given out is a part of this: memory is counted here, not used. */
    private final ByteBuffer memory = ByteBuffer.allocate(32 * MIB);

    private final List<Integer> large = new ArrayList<>();
    private final List<Integer> small = new ArrayList<>();
    private final Tasks tasks = new ThreadTasks((thread, e) -> {});
    private int failures;
    private final BufferPool pool =
            new BufferPool(tasks, bytes -> allocate(large, bytes), bytes -> allocate(small, bytes));

    private ByteBuffer allocate(List<Integer> asked, int bytes) {
        if (failures > 0) {
            failures--;
            throw new OutOfMemoryError("a test says so");
        }
        asked.add(bytes);
        return memory.slice(0, bytes);
    }

    @Test
    void longBuffersAreSlicesOfSlabsAndShortOnesAreNot() throws Exception {
        pool.take(256 * KIB);
        assertThat(large).isEmpty();
        for (int i = 0; i < 8; i++) {
            assertThat(pool.take(MIB - 5).capacity()).isEqualTo(MIB);
        }
        assertThat(large).containsExactly(Slab.BYTES);
        pool.take(MIB);
        pool.take(4 * MIB);
        assertThat(large).as("the second slab serves any size").containsExactly(Slab.BYTES, Slab.BYTES);
        pool.take(16 * MIB);
        assertThat(large).containsExactly(Slab.BYTES, Slab.BYTES, 16 * MIB);
        assertThat(small).containsExactly(256 * KIB);
        assertThat(pool.idleBytes()).isZero();
        assertThat(pool.outBytes()).isEqualTo((256 * KIB) + 29 * MIB);
        assertThat(pool.heldBytes()).as("and the rest of the second slab").isEqualTo(pool.outBytes() + 3 * MIB);
    }

    @Test
    void aSlabLiesIdleAsAWholeWhenItsLastSliceIsBack() throws Exception {
        ByteBuffer a = pool.take(512 * KIB);
        ByteBuffer b = pool.take(2 * MIB);
        pool.give(a);
        assertThat(pool.idleBytes()).isZero();
        assertThat(pool.heldBytes()).isEqualTo(Slab.BYTES);
        pool.give(b);
        assertThat(pool.idleBytes()).isEqualTo(Slab.BYTES);
        pool.take(8 * MIB);
        assertThat(large).containsExactly(Slab.BYTES);
        assertThat(pool.idleBytes()).isZero();
    }

    @Test
    void whatIsTakenComesFromTheFullestSlabSoThatOthersBecomeIdle() throws Exception {
        List<ByteBuffer> out = takeMany(MIB, 16);
        List<ByteBuffer> firstSlab = out.subList(0, 8);
        out.subList(8, 10).forEach(pool::give);
        firstSlab.subList(0, 7).forEach(pool::give);
        takeMany(MIB, 2);
        pool.give(firstSlab.get(7));
        assertThat(pool.idleBytes()).isEqualTo(Slab.BYTES);
        assertThat(large).hasSize(2);
    }

    @Test
    void slabsTooManyToLieIdleGoBackAsAWhole() throws Exception {
        takeMany(MIB, 80).forEach(pool::give);
        assertThat(large).hasSize(10);
        assertThat(pool.idleBytes()).isEqualTo(IDLE_MAX);
        assertThat(pool.heldBytes()).isEqualTo(IDLE_MAX);
    }

    @Test
    void onePayloadOfAConnectionTakesNoMoreSlabsThanItMeasures() throws Exception {
        takeMany(256 * KIB, 256).forEach(pool::give);
        takeMany(512 * KIB, 128);
        assertThat(large).hasSize(64 * MIB / Slab.BYTES);
    }

    @Test
    void requestsOneAfterTheOtherShareOneSlab() throws Exception {
        takeMany(256 * KIB, 256).forEach(pool::give);
        assertThat(pool.idleBytes()).isEqualTo(IDLE_MAX);
        for (int i = 0; i < 100; i++) {
            pool.give(pool.take(512 * KIB));
        }
        assertThat(large).containsExactly(Slab.BYTES);
    }

    @Test
    void idleOfOtherSizesMakesRoomBeforeMoreIsAskedFor() throws Exception {
        takeMany(256 * KIB, 256).forEach(pool::give);
        pool.take(512 * KIB);
        assertThat(pool.idleBytes()).isEqualTo(IDLE_MAX - Slab.BYTES);
        pool.take(8 * KIB);
        assertThat(pool.idleBytes()).as("there is room").isEqualTo(IDLE_MAX - Slab.BYTES);
        pool.take(32 * MIB);
        assertThat(pool.idleBytes()).isEqualTo(IDLE_MAX / 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {8 * KIB, 256 * KIB, 512 * KIB, MIB, 2 * MIB, 4 * MIB, 8 * MIB, 16 * MIB, 32 * MIB})
    void aLoadThatMayLieIdleAsksForNothingOnceItIsServedWhateverCameBefore(int size) throws Exception {
        for (int other = 8 * KIB; other <= 32 * MIB; other *= 2) {
            takeMany(other, (int) IDLE_MAX / other).forEach(pool::give);
        }
        takeMany(size, (int) IDLE_MAX / size).forEach(pool::give);
        assertNothingIsAskedForBy(size);
    }

    private void assertNothingIsAskedForBy(int size) throws NbdException {
        large.clear();
        small.clear();
        Random random = new Random(size);
        ArrayDeque<ByteBuffer> out = new ArrayDeque<>();
        for (int i = 0; i < 5_000; i++) {
            if (random.nextBoolean() && pool.outBytes() + size <= IDLE_MAX) {
                out.add(pool.take(size));
            } else if (!out.isEmpty()) {
                pool.give(out.remove());
            }
        }
        assertThat(large).isEmpty();
        assertThat(small).isEmpty();
    }

    @Test
    void twoLoadsThatTogetherMayLieIdleTakeTheRoomOfAThirdThatIsOver() throws Exception {
        takeMany(64 * KIB, 1024).forEach(pool::give);
        for (int i = 0; i < 2; i++) {
            large.clear();
            small.clear();
            takeMany(MIB, 32).forEach(pool::give);
            takeMany(8 * KIB, 4096).forEach(pool::give);
        }
        assertThat(large).isEmpty();
        assertThat(small).isEmpty();
    }

    @Test
    void takesAndGivesAllocateNothingOnTheHeap() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        takeMany(512 * KIB, 100); // Several slabs to look through.
        takeAndGive(20_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        takeAndGive(20_000);
        assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 20_000).isZero();
    }

    private void takeAndGive(int rounds) throws NbdException {
        for (int i = 0; i < rounds; i++) {
            ByteBuffer a = pool.take((512 * KIB) << (i & 3));
            ByteBuffer b = pool.take((8 * KIB) << (i & 3));
            pool.give(a);
            pool.give(b);
        }
    }

    @Test
    void slabsMeasureOnlySoMuchAndLongBuffersBeyondThatStandAlone() throws Exception {
        int slabs = (int) (Limits.SLAB_BYTES_MAX / Slab.BYTES);
        List<ByteBuffer> out = takeMany(512 * KIB, slabs * 16);
        assertThat(large).hasSize(slabs);
        ByteBuffer alone = pool.take(512 * KIB);
        assertThat(large).hasSize(slabs);
        assertThat(small).containsExactly(512 * KIB);
        assertThat(pool.heldBytes()).isEqualTo(Limits.SLAB_BYTES_MAX + 512 * KIB);
        pool.give(alone);
        assertThat(pool.take(512 * KIB)).isSameAs(alone);
        pool.give(out.get(3));
        assertThat(pool.take(512 * KIB)).as("slabs come first").isSameAs(out.get(3));
    }

    @Test
    void whoeverLeavesASliceInEachSlabKeepsNoMoreFromTheSystemThanSlabsMeasure() throws Exception {
        List<ByteBuffer> left = new ArrayList<>();
        for (int size = 512 * KIB; size <= 8 * MIB; size *= 2) {
            List<ByteBuffer> out = takeMany(size, (int) ((256L * MIB - pool.outBytes()) / size));
            assertWithinBounds();
            for (int i = 0; i < out.size(); i++) {
                if (i % 16 == 0) {
                    left.add(out.get(i));
                } else {
                    pool.give(out.get(i));
                }
                assertWithinBounds();
            }
        }
        left.forEach(pool::give);
        assertThat(pool.outBytes()).isZero();
        assertThat(pool.heldBytes()).isEqualTo(pool.idleBytes()).isLessThanOrEqualTo(IDLE_MAX);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void randomTakesAndGivesOfAnySizeStayWithinTheBounds(long seed) throws Exception {
        Random random = new Random(seed);
        List<ByteBuffer> out = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            boolean growing = (i / 1000) % 2 == 0;
            int size = (8 * KIB) << random.nextInt(13);
            if (random.nextInt(10) < (growing ? 7 : 3) && pool.outBytes() + size <= 256L * MIB) {
                out.add(pool.take(size));
            } else if (!out.isEmpty()) {
                pool.give(out.remove(random.nextInt(out.size())));
            }
            assertThat(pool.outBytes())
                    .isEqualTo(out.stream().mapToLong(ByteBuffer::capacity).sum());
            assertWithinBounds();
        }
        out.forEach(pool::give);
        assertThat(pool.outBytes()).isZero();
        assertThat(pool.heldBytes()).as("nothing is in between").isEqualTo(pool.idleBytes());
    }

    private void assertWithinBounds() {
        assertThat(pool.idleBytes()).isBetween(0L, IDLE_MAX);
        long freeParts = pool.heldBytes() - pool.outBytes() - pool.idleBytes();
        assertThat(freeParts).isBetween(0L, Limits.SLAB_BYTES_MAX - 1);
    }

    @Test
    void whatIsNotHeldCanBeReachedNoMore() throws Exception {
        List<WeakReference<byte[]>> given = new ArrayList<>();
        BufferSource remembering = bytes -> {
            ByteBuffer buffer = ByteBuffer.allocate(bytes);
            given.add(new WeakReference<>(buffer.array()));
            return buffer;
        };
        BufferPool watched = new BufferPool(tasks, remembering, remembering);
        Random random = new Random(7);
        List<ByteBuffer> out = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            int size = (64 * KIB) << random.nextInt(9);
            if (random.nextBoolean() && watched.outBytes() + size <= 128L * MIB) {
                out.add(watched.take(size));
            } else if (!out.isEmpty()) {
                watched.give(out.remove(random.nextInt(out.size())));
            }
            if (i % 500 == 499) {
                assertThat(reachableBytes(given)).isEqualTo(watched.heldBytes());
            }
        }
        assertThat(given.stream().filter(reference -> reference.get() == null))
                .as("dropped")
                .isNotEmpty();
        assertThat(out).isNotEmpty();
    }

    private static long reachableBytes(List<WeakReference<byte[]>> given) {
        System.gc();
        return given.stream()
                .map(WeakReference::get)
                .mapToLong(bytes -> bytes == null ? 0 : bytes.length)
                .sum();
    }

    @ParameterizedTest
    @ValueSource(ints = {8 * KIB, MIB, 32 * MIB})
    void whenMemoryIsShortAllThatLiesIdleGoesAndItIsTriedAgain(int size) throws Exception {
        pool.give(pool.take(64 * KIB));
        failures = 1;
        assertThat(pool.take(size).capacity()).isEqualTo(size);
        assertThat(pool.idleBytes()).isZero();
        assertThat(pool.outBytes()).isEqualTo(size);
        assertThat(pool.heldBytes()).isEqualTo(Math.max(size, size == MIB ? Slab.BYTES : 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {8 * KIB, MIB, 32 * MIB})
    void whenThereIsNoMemoryAtAllNothingIsTakenAndLaterItWorksAgain(int size) throws Exception {
        pool.give(pool.take(64 * KIB));
        pool.give(pool.take(8 * MIB));
        List<ByteBuffer> slab = takeMany(8 * MIB, 1);
        failures = 2;
        assertThatThrownBy(() -> pool.take(size))
                .isInstanceOf(NbdException.class)
                .hasMessageContaining("MaxDirectMemorySize");
        assertThat(pool.idleBytes()).isZero();
        assertThat(pool.outBytes()).isEqualTo(8 * MIB);
        assertThat(pool.heldBytes()).isEqualTo(8 * MIB);
        assertThat(pool.take(size).capacity()).isEqualTo(size);
        slab.forEach(pool::give);
        assertThat(pool.outBytes()).isEqualTo(size);
    }

    @Test
    void threadsThatNeedASlabAtTheSameTimeShareOne() throws Exception {
        AtomicInteger slabs = new AtomicInteger();
        BufferPool shared = new BufferPool(tasks, bytes -> {
            slabs.incrementAndGet();
            tasks.sleep(50_000_000); // Time for the others to find that there is none.
            return ByteBuffer.allocateDirect(bytes);
        });
        List<Tasks.Task> takers = new ArrayList<>();
        AtomicInteger taken = new AtomicInteger();
        for (int i = 0; i < 8; i++) {
            takers.add(tasks.start("wb-test-taker", () -> taken.addAndGet(takeOne(shared, MIB))));
        }
        for (Tasks.Task taker : takers) {
            assertThat(taker.join(Long.MAX_VALUE)).isTrue();
        }
        assertThat(taken).hasValue(8 * MIB);
        assertThat(slabs).hasValue(1);
    }

    @Test
    void threadsNeverShareABuffer() throws Exception {
        BufferPool shared = new BufferPool(tasks);
        List<Tasks.Task> threads = new ArrayList<>();
        AtomicInteger spoiled = new AtomicInteger();
        for (int i = 1; i <= 4; i++) {
            int mark = i;
            threads.add(tasks.start("wb-test-" + i, () -> useBuffers(shared, mark, spoiled)));
        }
        for (Tasks.Task thread : threads) {
            assertThat(thread.join(Long.MAX_VALUE)).isTrue();
        }
        assertThat(spoiled).hasValue(0);
        assertThat(shared.outBytes()).isZero();
        assertThat(shared.heldBytes()).isEqualTo(shared.idleBytes()).isLessThanOrEqualTo(IDLE_MAX);
    }

    private static void useBuffers(BufferPool shared, int mark, AtomicInteger spoiled) {
        Random random = new Random(mark);
        ArrayDeque<ByteBuffer> out = new ArrayDeque<>();
        for (int i = 0; i < 4_000; i++) {
            if (out.size() < 6) {
                ByteBuffer buffer = take(shared, (64 * KIB) << random.nextInt(7));
                for (int at = 0; at < buffer.capacity(); at += 64 * KIB) {
                    buffer.putInt(at, mark);
                }
                out.add(buffer);
            }
            if (out.size() == 6 || random.nextBoolean()) {
                giveChecked(shared, out.remove(), mark, spoiled);
            }
        }
        out.forEach(buffer -> giveChecked(shared, buffer, mark, spoiled));
    }

    private static void giveChecked(BufferPool shared, ByteBuffer buffer, int mark, AtomicInteger spoiled) {
        for (int at = 0; at < buffer.capacity(); at += 64 * KIB) {
            if (buffer.getInt(at) != mark) {
                spoiled.incrementAndGet();
            }
        }
        shared.give(buffer);
    }

    private static int takeOne(BufferPool shared, int size) {
        return take(shared, size).capacity();
    }

    private static ByteBuffer take(BufferPool shared, int size) {
        try {
            return shared.take(size);
        } catch (NbdException e) {
            throw new AssertionError(e);
        }
    }

    private List<ByteBuffer> takeMany(int size, int count) throws NbdException {
        List<ByteBuffer> many = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            many.add(pool.take(size));
        }
        return many;
    }
}
