package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/** The transmission without a socket: streams of requests that arrive in pieces of any size, against a model. */
@Timeout(60)
class TransmissionTest {
    private static final int SIZE = 1 << 20;

    private final Tasks tasks = new ThreadTasks((thread, e) -> {});
    private final BufferPool pool = new BufferPool(tasks);
    private final ByteBudget budget = new ByteBudget(tasks, Limits.SERVER_BYTES_MAX);
    private final MemoryConnection connection = new MemoryConnection(tasks, pool, budget, new ServerCounters());

    @Test
    void streamsInPiecesOfAnySizeDoWhatTheyDoInOne() throws Exception {
        for (int seed = 0; seed < 150; seed++) {
            Stream stream = new Stream(new Random(seed), 60);
            assertAnswers(stream, pieces(stream.bytes(), new Random(seed)), new MemoryDisk(SIZE), "seed " + seed);
        }
    }

    @Test
    void aDiskThatAnswersLateGetsAndGivesTheSame() throws Exception {
        for (int seed = 0; seed < 40; seed++) {
            Stream stream = new Stream(new Random(seed), 40);
            try (LateDisk disk = new LateDisk()) {
                assertAnswers(stream, pieces(stream.bytes(), new Random(seed)), disk, "seed " + seed);
            }
        }
    }

    @Test
    void aStreamThatEndsAnywhereLosesNothingWhole() throws Exception {
        Stream stream = new Stream(new Random(1), 12);
        byte[] all = stream.bytes();
        for (int length = 0; length < all.length; length += 97) {
            MemoryDisk disk = new MemoryDisk(SIZE);
            MemoryStreams.In pieces = pieces(Arrays.copyOf(all, length), new Random(length));
            MemoryStreams.Out out = collector();
            try {
                serve(pieces, out, disk);
            } catch (NbdException e) {
                assertThat(e).hasMessageContaining("left in the middle");
            }
            assertThat(disk.submitted.get()).isEqualTo(stream.submittedWithin(length));
            assertThat(pool.outBytes()).isZero();
            assertThat(budget.usedBytes()).isZero();
        }
    }

    @Test
    void randomBytesNeverDoMoreThanEndTheConnection() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(3000)];
            random.nextBytes(bytes);
            for (int at = 0; at + 28 < bytes.length; at += 28 + random.nextInt(200)) {
                ByteBuffer.wrap(bytes, at, 8).putInt(Wire.REQUEST_MAGIC).putShort((short) random.nextInt(2));
            }
            if (bytes.length > 0 && random.nextInt(4) > 0) {
                bytes[0] ^= 1; // Mostly out of step at once.
            }
            try {
                serve(pieces(bytes, random), collector(), new MemoryDisk(4096));
            } catch (IOException e) {
                assertThat(e).isInstanceOf(NbdException.class);
            }
            assertThat(pool.outBytes()).isZero();
        }
    }

    @Test
    void aWriteTooLongIsNotEvenBegunToBeRead() {
        byte[] bytes = Packet.request(Wire.CMD_WRITE, 0, 1, 0, (32L << 20) + 1).toBytes();
        assertThatThrownBy(() -> serve(pieces(bytes, new Random(1)), collector(), new MemoryDisk(SIZE)))
                .isInstanceOf(NbdException.class)
                .hasMessageContaining("33554433");
        assertThat(pool.outBytes()).isZero();
    }

    private void assertAnswers(Stream stream, MemoryStreams.In pieces, MemoryDisk disk, String what)
            throws IOException {
        MemoryStreams.Out out = collector();
        serve(pieces, out, disk);
        ByteBuffer replies = ByteBuffer.wrap(out.bytes());
        Map<Long, byte[]> expected = new HashMap<>(stream.expected);
        while (replies.hasRemaining()) {
            assertThat(replies.getInt()).as(what).isEqualTo(Wire.SIMPLE_REPLY_MAGIC);
            int error = replies.getInt();
            long cookie = replies.getLong();
            byte[] data = expected.remove(cookie);
            assertThat(data).as("%s: cookie %d", what, cookie).isNotNull();
            assertThat(error).as("%s: cookie %d", what, cookie).isEqualTo(stream.errors.getOrDefault(cookie, 0));
            byte[] got = new byte[error == 0 && data != null ? data.length : 0];
            replies.get(got);
            assertThat(Arrays.equals(got, error == 0 ? data : got))
                    .as("%s: cookie %d", what, cookie)
                    .isTrue();
        }
        assertThat(expected).as(what).isEmpty();
        assertThat(pool.outBytes()).isZero();
        assertThat(budget.usedBytes()).isZero();
    }

    private void serve(MemoryStreams.In in, MemoryStreams.Out out, MemoryDisk disk) throws IOException {
        Session session = new Session(new Export("vol", disk), false, false, Set.of());
        connection.serve(session, in, out, new Gathering(tasks, true));
    }

    /** Requests that touch disjoint ranges, so that their order does not matter, and what must come back. */
    private static final class Stream {
        final Map<Long, byte[]> expected = new HashMap<>();
        final Map<Long, Integer> errors = new HashMap<>();
        private final Packet packet = Packet.of();
        private final int[] ends;
        private final boolean[] reachesDisk;

        Stream(Random random, int count) {
            ends = new int[count];
            reachesDisk = new boolean[count];
            int window = SIZE / count;
            for (int i = 0; i < count; i++) {
                add(random, i, (long) i * window, window);
                ends[i] = packet.toBytes().length;
            }
        }

        byte[] bytes() {
            return packet.toBytes();
        }

        /** How many requests that the disk sees end within the first so many bytes. */
        long submittedWithin(int length) {
            long submitted = 0;
            for (int i = 0; i < ends.length; i++) {
                submitted += reachesDisk[i] && ends[i] <= length ? 1 : 0;
            }
            return submitted;
        }

        private void add(Random random, int index, long offset, int window) {
            long cookie = random.nextLong() << 8 | index;
            int[] lengths = {1, 511, 4095, 4096, 4097, 9000, Math.min(window, 32768), window};
            int length = lengths[random.nextInt(lengths.length)];
            expected.put(cookie, new byte[0]);
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    byte[] data = new byte[length];
                    random.nextBytes(data);
                    packet.raw(Packet.request(Wire.CMD_WRITE, 0, cookie, offset, length))
                            .raw(data);
                    reachesDisk[index] = true;
                }
                case 2 -> {
                    packet.raw(Packet.request(Wire.CMD_READ, 0, cookie, offset, length));
                    expected.put(cookie, new byte[length]); // Nobody else writes there.
                    reachesDisk[index] = true;
                }
                case 3 -> {
                    packet.raw(Packet.request(Wire.CMD_WRITE, 0, cookie, SIZE - 1, length + 1L))
                            .raw(new byte[length + 1]);
                    errors.put(cookie, DiskError.ENOSPC.number());
                }
                case 4 -> {
                    packet.raw(Packet.request(77, 0, cookie, offset, length));
                    errors.put(cookie, DiskError.EINVAL.number());
                }
                default -> {
                    packet.raw(Packet.request(Wire.CMD_FLUSH, 0, cookie, 0, 0));
                    reachesDisk[index] = true;
                }
            }
        }
    }

    /** Bytes in pieces of random size, then the end. */
    private static MemoryStreams.In pieces(byte[] bytes, Random random) {
        return new MemoryStreams.In(bytes, () -> 1 + random.nextInt(random.nextInt(3) == 0 ? 40 : 70_000));
    }

    private static MemoryStreams.Out collector() {
        return new MemoryStreams.Out(50_000);
    }

    /** Answers every other request on a thread of its own. */
    private static final class LateDisk extends MemoryDisk implements AutoCloseable {
        private final ExecutorService thread = Executors.newSingleThreadExecutor();

        LateDisk() {
            super(SIZE);
        }

        @Override
        public void submit(DiskRequest request) {
            if (submitted.get() % 2 == 0) {
                super.submit(request);
            } else {
                thread.execute(() -> super.submit(request));
            }
        }

        @Override
        public void close() {
            thread.shutdown();
            try {
                assertThat(thread.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
