package writeboost.engine.nbd;

import java.nio.ByteBuffer;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import writeboost.engine.disk.DiskError;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/** What the NBD server does with one request and one reply, without socket and disk. */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH sets them up
public class RequestBenchmark {
    private static final int BATCH = NullTraffic.BATCH;
    private static final int DISK_BYTES = 1 << 30;

    private final Session session =
            new Session(new Export("vol", new NullTraffic.NullDisk(DISK_BYTES)), false, true, Set.of());
    private final ByteBuffer headers = NullTraffic.requests(Wire.CMD_READ, 4096);
    private final RequestHeader header = new RequestHeader();
    private final ByteBuffer out = ByteBuffer.allocateDirect(ReplyEncoder.BYTES_MAX);
    private final ReplyEncoder simple = new ReplyEncoder(false);
    private final ReplyEncoder structured = new ReplyEncoder(true);
    private NbdRequest written;
    private NbdRequest read;

    /** Makes two requests as they are when the disk has done with them. */
    @Setup
    public void end() throws NbdException {
        Tasks tasks = new ThreadTasks((thread, e) -> {});
        RequestSlots slots = new RequestSlots(tasks, new BufferPool(tasks), new ByteBudget(tasks, 1));
        Outbox outbox = new Outbox(
                tasks,
                "none",
                new ReceivingTurn(tasks, "none"),
                new NullTraffic.Sink(),
                slots,
                new ServerCounters(),
                simple,
                out,
                () -> {});
        written = ended(slots.take(outbox), Wire.CMD_WRITE);
        read = ended(slots.take(outbox), Wire.CMD_READ);
    }

    private NbdRequest ended(NbdRequest request, int command) throws NbdException {
        header.peek(NullTraffic.requests(command, 4096));
        request.begin(header);
        request.usePage(4096);
        request.error = DiskError.OK;
        return request;
    }

    /** The head of a request is taken apart and judged. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int parse() throws NbdException {
        int fine = 0;
        for (int i = 0; i < BATCH; i++) {
            headers.position(i * Wire.REQUEST_BYTES);
            header.peek(headers);
            fine += Verdict.of(header, session) == Verdict.FINE ? 1 : 0;
        }
        return fine;
    }

    /** The simple reply to a WRITE. */
    @Benchmark
    public ByteBuffer simpleReply() {
        simple.encode(written, out.clear());
        return out;
    }

    /** The head of a structured reply to a READ. */
    @Benchmark
    public ByteBuffer structuredReply() {
        structured.encode(read, out.clear());
        return out;
    }
}
