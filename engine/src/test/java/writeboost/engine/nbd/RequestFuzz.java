package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import writeboost.engine.disk.DiskRequest;
import writeboost.engine.fuzz.FuzzInput;
import writeboost.engine.fuzz.FuzzTarget;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/**
 * Streams of requests, well formed and not, in pieces, against {@link ReferenceServer}: every whole request has its one
 * reply, the disk holds what it should, and all memory comes back.
 */
final class RequestFuzz extends FuzzTarget {
    private static final int REPLY_PIECE = 5000;
    private static final int SIZE = 40_960;
    private static final int STREAM_BYTES_MAX = 300_000;

    private static final Tasks TASKS = new ThreadTasks((thread, e) -> {});
    private static final BufferPool POOL = new BufferPool(TASKS);
    private static final ByteBudget BUDGET = new ByteBudget(TASKS, Limits.SERVER_BYTES_MAX);
    private static final MemoryConnection CONNECTION = new MemoryConnection(TASKS, POOL, BUDGET, new ServerCounters());
    private static final MemoryDisk DISK = new MemoryDisk(SIZE);

    static Stream<byte[]> seeds() {
        return Stream.of(
                bytes(),
                // READ, WRITE and FLUSH, then goodbye, all in one piece.
                bytes(0, 9, 0, 0, 0, 0, 0, 0, 16, 0, 1, 0, 0, 0, 0, 0, 0, 16, 0, 7, 3, 0, 7, 0, 7, 0, 2, 0, 7, 0, 7, 0),
                // Structured, with contexts: BLOCK_STATUS, ZERO and TRIM; then a command that does not exist.
                bytes(7, 3, 7, 8, 0, 0, 0, 0, 64, 0, 6, 2, 0, 1, 0, 0, 32, 0, 4, 0, 7, 0, 7, 9, 9, 0, 7, 9, 7, 99),
                // Read-only, ranges past the end.
                bytes(8, 9, 1, 0, 2, 1, 0, 0, 1, 9, 6, 0, 2, 4, 7, 8, 4, 0, 4, 31, 7, 200),
                // Out of step: raw bytes after a request.
                bytes(0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 200, 5, 1, 2, 3, 4, 5),
                // A payload that ends too soon.
                bytes(3, 0, 1, 0, 7, 0, 7, 255, 255, 1),
                // Long ones, which are read into buffers of their own.
                bytes(64, 255, 1, 0, 7, 0, 0, 156, 64, 77, 0, 0, 7, 0, 0, 156, 64));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @MethodSource("seeds")
    @FuzzTest(maxExecutions = RUNS, maxDuration = "")
    void fuzz(byte[] input) throws Exception {
        countAndRun(input);
    }

    @Override
    public void run(byte[] input) throws Exception {
        FuzzInput in = new FuzzInput(input);
        int mode = in.next();
        boolean structured = (mode & 1) != 0;
        boolean readOnly = (mode & 8) != 0;
        Set<MetaContext> contexts = EnumSet.noneOf(MetaContext.class);
        if (structured && (mode & 2) != 0) {
            contexts.add(MetaContext.ALLOCATION);
        }
        if (structured && (mode & 4) != 0) {
            contexts.add(MetaContext.STATE);
        }
        int[] pieces = {1 + in.next() * 37, 1 + (mode >> 4) * 1000};
        byte[] stream = stream(in);
        ReferenceServer reference = new ReferenceServer(SIZE, readOnly, structured, contexts.size());
        reference.read(stream);
        empty();
        Session session = new Session(new Export("vol", DISK), readOnly, structured, contexts);
        MemoryStreams.Out out = new MemoryStreams.Out(REPLY_PIECE);
        boolean orderly = serve(session, new MemoryStreams.In(stream, pieces), out);
        assertThat(orderly).isEqualTo(reference.orderly());
        reference.checkReplies(out.bytes());
        assertThat(Arrays.equals(content(), reference.disk())).isTrue();
        assertThat(POOL.outBytes()).isZero();
        assertThat(BUDGET.usedBytes()).isZero();
    }

    private static boolean serve(Session session, MemoryStreams.In in, MemoryStreams.Out out) throws IOException {
        try {
            CONNECTION.serve(session, in, out, new Gathering(TASKS, false));
            return true;
        } catch (NbdException e) {
            return false;
        }
    }

    private static byte[] stream(FuzzInput in) {
        Packet packet = Packet.of();
        int bytes = 0;
        for (int i = 0; !in.isEmpty() && bytes < STREAM_BYTES_MAX; i++) {
            int command = in.next();
            if (command >= 200) {
                byte[] raw = in.take(in.next());
                packet.raw(raw);
                bytes += raw.length;
                continue;
            }
            int flags = in.next();
            long offset = number(in);
            long length = number(in) & 0xFFFFFFFFL;
            packet.raw(Packet.request(command % 10, flags, i, offset, length));
            if (command % 10 == Wire.CMD_WRITE) {
                int fill = in.next();
                byte[] payload = new byte[fill == 255 ? in.next() : (int) Math.min(length, 2L * SIZE)];
                Arrays.fill(payload, (byte) fill);
                packet.raw(payload);
                bytes += payload.length;
            }
            bytes += Wire.REQUEST_BYTES;
        }
        return packet.toBytes();
    }

    /** Small numbers, those around the end of the disk and around powers of two, and any others. */
    private static long number(FuzzInput in) {
        int kind = in.next();
        return switch (kind % 8) {
            case 0, 1 -> in.nextShort();
            case 2 -> SIZE - 4 + in.next() % 8;
            case 3 -> in.next() * 512L;
            case 4 -> (1L << in.next()) - kind / 64;
            case 5 -> in.nextLong();
            case 6 -> Limits.PAYLOAD_BYTES_MAX - 1L + in.next() % 3;
            default -> in.next();
        };
    }

    private static byte[] content() {
        byte[] all = new byte[SIZE];
        ByteBuffer buffer = ByteBuffer.wrap(all);
        DISK.execute(request(DiskRequest.Op.READ, buffer));
        return all;
    }

    private static void empty() {
        DISK.execute(request(DiskRequest.Op.ZERO, null));
    }

    private static DiskRequest request(DiskRequest.Op op, @org.jspecify.annotations.Nullable ByteBuffer data) {
        DiskRequest request = new DiskRequest() {
            @Override
            public void complete(writeboost.engine.disk.DiskError error) {}
        };
        request.op = op;
        request.lengthBytes = SIZE;
        request.data = data;
        return request;
    }
}
