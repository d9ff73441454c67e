package writeboost.engine.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import writeboost.engine.disk.Disk;
import writeboost.engine.disk.DiskError;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/**
 * The sending side of a connection. Requests that end on the receiving thread gather here without a lock until it has
 * taken all that was received, or much data waits; then it sends their replies in one write. Those that end on other
 * threads are sent by a writer thread, started when first needed.
 *
 * <p>So a client that takes no replies is not read either: its requests wait in the socket, as they would at the limit of
 * those in flight. Handing long replies to the writer instead was measured: twice the processor time for 1 MiB reads.
 *
 * <p>Invariants: whoever completes a request never touches the socket; at most one thread writes at a time; a request
 * is given back only after its reply is written or the connection is broken; once broken, replies are dropped.
 */
final class Outbox {
    private final Tasks tasks;
    private final String writerName;
    private final GatheringByteChannel channel;
    private final RequestSlots slots;
    private final ServerCounters counters;
    private final ReplyEncoder encoder;
    private final Runnable onBroken;
    private final ReceivingTurn turn;
    // The receiving thread's:
    private @Nullable NbdRequest localFirst;
    private @Nullable NbdRequest localLast;
    private long localBytes;
    private boolean writerStarted;
    private long submittedElsewhere;
    /** The thread in {@link #finish}. Written by itself; others see at least that it is not they. */
    private volatile @Nullable Thread finishing;

    // Guarded by monitor:
    private final Monitor monitor;
    private final Monitor.Signal work;
    private @Nullable NbdRequest first;
    private @Nullable NbdRequest last;
    private boolean sending;
    private boolean closed;
    // Belong to the thread that has set `sending`:
    private final ByteBuffer out;
    private final ByteBuffer[] gather = new ByteBuffer[2];
    private volatile boolean broken;

    /**
     * Makes one; on the receiving thread.
     *
     * @param turn tells which thread is that
     * @param out for gathering replies
     * @param onBroken called once or more, on any thread, when nothing can be sent any more; must not block
     */
    Outbox(
            Tasks tasks,
            String writerName,
            ReceivingTurn turn,
            GatheringByteChannel channel,
            RequestSlots slots,
            ServerCounters counters,
            ReplyEncoder encoder,
            ByteBuffer out,
            Runnable onBroken) {
        this.tasks = tasks;
        this.writerName = writerName;
        this.turn = turn;
        this.channel = channel;
        this.slots = slots;
        this.counters = counters;
        this.encoder = encoder;
        this.out = out.clear();
        this.onBroken = onBroken;
        gather[0] = out;
        gather[1] = out;
        monitor = tasks.newMonitor("nbd outbox");
        work = monitor.newSignal("replies to send");
    }

    /** Takes a request that has ended; on any thread, never blocking. */
    void completed(NbdRequest request) {
        request.following = null;
        if (turn.isMine()) {
            NbdRequest before = localLast;
            if (before == null) {
                localFirst = request;
            } else {
                before.following = request;
            }
            localLast = request;
            request.endedLocally = true;
            localBytes += replyBytes(request);
            return;
        }
        if (!handOver(request)) {
            slots.giveBack(request);
        }
    }

    /** Leaves the request to whoever sends; false if nothing is sent any more. */
    private boolean handOver(NbdRequest request) {
        monitor.lock();
        try {
            if (broken) {
                return false; // There may be no writer; whoever broke it flushes once, and has done so perhaps.
            }
            append(request, request);
            if (Thread.currentThread() != finishing) {
                wakeWriter();
            }
            return true;
        } finally {
            monitor.unlock();
        }
    }

    /**
     * Hands a request to the disk; on the receiving thread.
     *
     * @throws NbdException if it may end on another thread, and there is none to send its reply
     */
    void submit(Disk disk, NbdRequest request) throws NbdException {
        disk.submit(request);
        submitted(request);
    }

    private void submitted(NbdRequest request) throws NbdException {
        if (!request.endedLocally) {
            submittedElsewhere++;
            startWriter(); // It ends later, perhaps on another thread.
        } else if (localBytes >= Limits.SEND_EARLY_BYTES) {
            flush();
        }
    }

    /**
     * As {@link #submit}, but what waits for a device may be left to the caller. There must be a {@link #hasWriter}.
     *
     * @return that, for {@link #finish}, which must follow; or null if there is nothing
     */
    @Nullable Runnable begin(Disk disk, NbdRequest request) throws NbdException {
        Runnable rest = disk.begin(request);
        submitted(request);
        return rest;
    }

    /** Does what was left to the caller, without the turn to receive, and sends what has ended by it. */
    void finish(Runnable rest) {
        finishing = Thread.currentThread();
        try {
            rest.run();
        } finally {
            finishing = null;
            sendEnded(); // also after a mistake of ours: nobody else was told of what it has ended
        }
    }

    private void sendEnded() {
        NbdRequest list;
        monitor.lock();
        try {
            if (sending || first == null) {
                return;
            }
            list = beginSending();
        } finally {
            monitor.unlock();
        }
        send(list);
        endSending();
        slots.giveBack(list);
    }

    /** How many requests did not end while they were handed to the disk; on the receiving thread. */
    long submittedElsewhere() {
        return submittedElsewhere;
    }

    /** Sends what has gathered on the receiving thread, unless the writer is at it: then that does. */
    void flush() {
        NbdRequest list = localFirst;
        if (list == null && !broken) {
            return;
        }
        monitor.lock();
        try {
            if (list != null) {
                append(list, Objects.requireNonNull(localLast));
                localFirst = null;
                localLast = null;
                localBytes = 0;
            }
            if (sending || first == null) {
                return; // Whoever sends looks again when done.
            }
            list = beginSending();
        } finally {
            monitor.unlock();
        }
        send(list);
        giveBackLocally(list);
        endSending();
    }

    /** Of a thread that does not look itself for what has ended meanwhile. */
    private void endSending() {
        monitor.lock();
        try {
            sending = false;
            if (first != null || closed) {
                wakeWriter();
            }
        } finally {
            monitor.unlock();
        }
    }

    /** Drops all replies from now on, and has the connection closed. */
    void fail() {
        broken = true;
        onBroken.run();
    }

    /** Drops all replies from now on. */
    void breakOff() {
        broken = true;
    }

    boolean isBroken() {
        return broken;
    }

    /** Ends the writer. Every request must have been given back. */
    void close() {
        monitor.lock();
        try {
            closed = true;
            work.raise();
        } finally {
            monitor.unlock();
        }
    }

    private void append(NbdRequest from, NbdRequest to) {
        NbdRequest before = last;
        if (before == null) {
            first = from;
        } else {
            before.following = from;
        }
        last = to;
    }

    private static long replyBytes(NbdRequest request) {
        ByteBuffer data = request.data;
        boolean carries = request.command == Wire.CMD_READ || request.command == Wire.CMD_BLOCK_STATUS;
        return (long) Wire.SIMPLE_REPLY_BYTES + (carries && data != null ? data.remaining() : 0);
    }

    private NbdRequest beginSending() {
        NbdRequest list = Objects.requireNonNull(first);
        first = null;
        last = null;
        sending = true;
        return list;
    }

    private void wakeWriter() {
        if (!sending) {
            work.raise();
        }
    }

    private void startWriter() throws NbdException {
        if (!hasWriter()) {
            broken = true; // The connection ends, and what it holds comes back as its requests end.
            throw new NbdException("no thread is left to send the replies of this connection");
        }
    }

    /** Whether there is a writer; starts it if need be. On the receiving thread. */
    boolean hasWriter() {
        if (!writerStarted) {
            try {
                tasks.start(writerName, this::writeUntilClosed);
                writerStarted = true;
            } catch (OutOfMemoryError e) {
                return false;
            }
        }
        return true;
    }

    private void writeUntilClosed() {
        while (true) {
            NbdRequest list;
            monitor.lock();
            try {
                while (sending || first == null) {
                    if (closed && !sending) {
                        return;
                    }
                    work.await();
                }
                list = beginSending();
            } finally {
                monitor.unlock();
            }
            send(list);
            monitor.lock();
            sending = false;
            monitor.unlock();
            slots.giveBack(list);
        }
    }

    private void giveBackLocally(NbdRequest list) {
        NbdRequest next = list;
        while (next != null) {
            NbdRequest request = next;
            next = request.following;
            slots.giveBackLocally(request);
        }
    }

    private void send(NbdRequest list) {
        try {
            for (NbdRequest request = list; request != null; request = request.following) {
                if (request.error != DiskError.OK) {
                    counters.error();
                }
                if (!broken) {
                    put(request);
                }
            }
            if (!broken) {
                write(null);
            }
        } catch (IOException e) {
            fail(); // The receiving side sees the same connection end, and tells of it.
        }
    }

    private void put(NbdRequest request) throws IOException {
        if (out.remaining() < ReplyEncoder.BYTES_MAX) {
            write(null);
        }
        ByteBuffer data = encoder.encode(request, out);
        if (data == null) {
            return;
        }
        int length = data.remaining();
        if (length > Limits.SEND_COPY_BYTES) {
            write(data);
            return;
        }
        if (out.remaining() < length) {
            write(null);
        }
        out.put(out.position(), data, data.position(), length);
        out.position(out.position() + length);
    }

    /** Writes all that was put, and then {@code data}. */
    private void write(@Nullable ByteBuffer data) throws IOException {
        out.flip();
        slots.stallClock().sending();
        try {
            if (data == null) {
                while (out.hasRemaining()) {
                    channel.write(out);
                }
            } else {
                gather[1] = data;
                while (data.hasRemaining()) {
                    channel.write(gather, 0, 2);
                }
                gather[1] = out;
            }
        } finally {
            slots.stallClock().sent();
        }
        out.clear();
    }
}
