package writeboost.engine.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import writeboost.engine.error.Invariant;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/**
 * A connection past its handshake, from the bytes that arrive to those that leave: {@value NullTraffic#BATCH} requests of 4 KiB in one
 * read, their replies in one write. The copy out of the "socket" counts.
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH sets them up
public class TransmissionBenchmark {
    private static final int BATCHES = 64;
    private static final int REQUESTS = BATCHES * NullTraffic.BATCH;
    private static final int DISK_BYTES = 1 << 30;

    private NullTraffic.Source writes;
    private NullTraffic.Source reads;
    private NullTraffic.Sink sink;
    private Transmission writing;
    private Transmission reading;

    /** On the thread that receives: an outbox belongs to it. */
    @Setup(Level.Iteration)
    public void connect() {
        sink = new NullTraffic.Sink();
        writes = new NullTraffic.Source(NullTraffic.requests(Wire.CMD_WRITE, 4096));
        reads = new NullTraffic.Source(NullTraffic.requests(Wire.CMD_READ, 4096));
        writing = connection(writes);
        reading = connection(reads);
    }

    private Transmission connection(NullTraffic.Source source) {
        Tasks tasks = new ThreadTasks((thread, e) -> {});
        BufferPool pool = new BufferPool(tasks);
        ServerCounters counters = new ServerCounters();
        RequestSlots slots = new RequestSlots(tasks, pool, new ByteBudget(tasks, Limits.SERVER_BYTES_MAX));
        ReceivingTurn turn = new ReceivingTurn(tasks, "none");
        Outbox outbox = new Outbox(
                tasks,
                "none",
                turn,
                sink,
                slots,
                counters,
                new ReplyEncoder(true),
                ByteBuffer.allocateDirect(Limits.SEND_BYTES),
                () -> {});
        Session session = new Session(new Export("vol", new NullTraffic.NullDisk(DISK_BYTES)), false, true, Set.of());
        Receiver receiver = new Receiver(source, ByteBuffer.allocateDirect(Limits.RECEIVE_BYTES));
        return new Transmission(session, receiver, slots, outbox, counters, new Gathering(tasks, false), turn);
    }

    /** Writes. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public void write() throws IOException {
        run(writing, writes, Wire.SIMPLE_REPLY_BYTES);
    }

    /** Reads. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public void read() throws IOException {
        run(reading, reads, Wire.CHUNK_HEADER_BYTES + Long.BYTES + 4096);
    }

    private void run(Transmission transmission, NullTraffic.Source source, int replyBytes) throws IOException {
        sink.bytesWritten = 0;
        source.again(BATCHES);
        transmission.run();
        Invariant.check(sink.bytesWritten == (long) REQUESTS * replyBytes, "every request is answered");
    }
}
