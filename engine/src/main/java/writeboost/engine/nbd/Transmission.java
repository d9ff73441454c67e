package writeboost.engine.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import writeboost.engine.disk.Disk;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest.Op;

/**
 * The receiving side of a connection past its handshake: takes all whole requests that one read brought, starts each on
 * the disk, then has the outbox send what has ended, and only then waits for more. For the receiving thread.
 *
 * <p>Invariants: nothing is allocated or submitted before the header is checked; a WRITE reaches the disk only when all
 * its payload is there; replies that are ready are on their way before the thread waits for anything.
 */
final class Transmission {
    private final Session session;
    private final Disk disk;
    private final Receiver receiver;
    private final RequestSlots slots;
    private final Outbox outbox;
    private final ServerCounters counters;
    private final RequestHeader header = new RequestHeader();
    private final StatusReply statusReply;
    private final Gathering gathering;
    private final ReceivingTurn turn;
    private boolean afterLongWrite;
    private long received;
    private long elsewhere;
    private long requests;
    private long readBytes;
    private long writtenBytes;

    Transmission(
            Session session,
            Receiver receiver,
            RequestSlots slots,
            Outbox outbox,
            ServerCounters counters,
            Gathering gathering,
            ReceivingTurn turn) {
        this.session = session;
        this.disk = session.disk();
        this.receiver = receiver;
        this.slots = slots;
        this.outbox = outbox;
        this.counters = counters;
        this.gathering = gathering;
        this.turn = turn;
        statusReply = new StatusReply(session);
    }

    /**
     * Serves until the client says goodbye or closes its side. Requests may still be in flight then.
     *
     * @throws IOException if the connection failed, or the client broke the protocol
     */
    void run() throws IOException {
        try {
            receive();
        } finally {
            turn.rethrow(); // that is the cause then of whatever this thread met
        }
    }

    /** The second thread, which receives while the first one waits for a device, and the other way round. */
    private void runSecond() {
        try {
            Gathering.prepareThisThread();
            if (turn.take()) {
                receive();
            }
            turn.end();
        } catch (IOException e) {
            turn.end(e); // the first one tells of it
        } catch (RuntimeException | Error e) {
            turn.end(e);
            outbox.fail(); // the first one may wait for the client
            throw e;
        }
    }

    private void receive() throws IOException {
        boolean more = true;
        while (more && takeAll()) {
            flush();
            gathering.received(received, outbox.submittedElsewhere() == elsewhere);
            received = 0;
            elsewhere = outbox.submittedElsewhere();
            int bytesMax = afterLongWrite ? Limits.RECEIVE_BYTES_AFTER_LONG : Limits.RECEIVE_BYTES;
            more = receiver.fill(bytesMax);
        }
        if (turn.isMine()) {
            flush();
        }
    }

    /** Takes every request that is there as a whole; false when the client says goodbye, or the other thread was told so. */
    private boolean takeAll() throws IOException {
        ByteBuffer in = receiver.buffer();
        while (!turn.isOver() && in.remaining() >= Wire.REQUEST_BYTES) {
            header.peek(in);
            if (header.command == Wire.CMD_DISC) {
                return false;
            }
            long payload = header.payloadBytes();
            if (payload > Limits.PAYLOAD_BYTES_MAX) {
                throw new NbdException("the client sends a WRITE of " + payload + " bytes; the limit is "
                        + Limits.PAYLOAD_BYTES_MAX + ", as the handshake said");
            }
            boolean small = payload <= Limits.SMALL_WRITE_BYTES;
            if (small && in.remaining() < Wire.REQUEST_BYTES + payload) {
                afterLongWrite = false;
                return true;
            }
            in.position(in.position() + Wire.REQUEST_BYTES);
            afterLongWrite = !small;
            take((int) payload);
        }
        return !turn.isOver();
    }

    private void take(int payload) throws IOException {
        requests++;
        received++;
        Verdict verdict = Verdict.of(header, session);
        if (verdict != Verdict.FINE) {
            skip(payload);
            NbdRequest request = begin();
            request.refuse(verdict);
            return;
        }
        switch (header.command) {
            case Wire.CMD_READ -> read();
            case Wire.CMD_WRITE -> write();
            case Wire.CMD_FLUSH -> makeDurable(begin(Op.FLUSH));
            case Wire.CMD_TRIM -> ranged(Op.TRIM);
            case Wire.CMD_CACHE -> ranged(Op.PREFETCH);
            case Wire.CMD_WRITE_ZEROES -> ranged(Op.ZERO);
            default -> status();
        }
    }

    private void read() throws IOException {
        NbdRequest request = begin(Op.READ);
        readBytes += request.lengthBytes;
        if (endedAsEmpty(request)) {
            return;
        }
        buffer(request, (int) request.lengthBytes);
        outbox.submit(disk, request);
    }

    private void write() throws IOException {
        NbdRequest request = begin(Op.WRITE);
        writtenBytes += request.lengthBytes;
        if (endedAsEmpty(request)) {
            return;
        }
        ByteBuffer data = buffer(request, (int) request.lengthBytes);
        receiver.drainTo(data);
        if (data.hasRemaining()) {
            flush();
            slots.stallClock().receiving();
            try {
                receiver.readFully(data);
            } catch (IOException e) {
                slots.giveBackLocally(request);
                throw e;
            } finally {
                slots.stallClock().received();
            }
        }
        data.flip();
        if (request.fua) {
            makeDurable(request);
        } else {
            outbox.submit(disk, request);
        }
    }

    /** Waits for the device on this thread, if the client has nothing else in flight: it waits for nothing but this. */
    private void makeDurable(NbdRequest request) throws NbdException {
        boolean alone = slots.isOneTaken() && !receiver.buffer().hasRemaining();
        if (!alone || !turn.hasSecond(this::runSecond) || !outbox.hasWriter()) {
            outbox.submit(disk, request);
            return;
        }
        flush();
        Runnable rest = outbox.begin(disk, request);
        if (rest != null) {
            try {
                turn.pass();
            } finally {
                outbox.finish(rest); // whatever happens: others wait for it too
            }
            turn.take();
        }
    }

    private void ranged(Op op) throws NbdException {
        NbdRequest request = begin(op);
        if (!endedAsEmpty(request)) {
            outbox.submit(disk, request);
        }
    }

    private void status() throws IOException {
        boolean one = (header.flags & Wire.CMD_FLAG_REQ_ONE) != 0;
        int extentsMax = one ? 1 : Limits.EXTENTS_MAX;
        NbdRequest request = begin();
        ByteBuffer data = buffer(request, statusReply.bytesMax(extentsMax));
        statusReply.write(request.cookie, request.offsetBytes, request.lengthBytes, extentsMax, data);
        data.flip();
        request.complete(DiskError.OK);
    }

    /** An empty range needs no disk: there is nothing to do. */
    private static boolean endedAsEmpty(NbdRequest request) {
        if (request.lengthBytes > 0) {
            return false;
        }
        request.complete(DiskError.OK);
        return true;
    }

    private NbdRequest begin(Op op) throws NbdException {
        NbdRequest request = begin();
        request.op = op;
        request.fua = request.fua && (op == Op.WRITE || op == Op.TRIM || op == Op.ZERO);
        return request;
    }

    private NbdRequest begin() throws NbdException {
        NbdRequest request = slots.tryTake(outbox);
        if (request == null) {
            flush();
            request = slots.take(outbox);
        }
        request.begin(header);
        return request;
    }

    /** Memory for a payload of 1..32 MiB; waits for it if need be. If there is none, the request is given back. */
    private ByteBuffer buffer(NbdRequest request, int lengthBytes) throws NbdException {
        if (lengthBytes <= Limits.PAGE_BYTES) {
            return request.usePage(lengthBytes);
        }
        try {
            if (!slots.tryLend(request, lengthBytes)) {
                flush();
                if (!slots.awaitLend(request, lengthBytes, outbox::isBroken)) {
                    throw new NbdException("the connection was closed while a request waited for memory");
                }
            }
        } catch (NbdException e) {
            slots.giveBackLocally(request);
            throw e;
        }
        return Objects.requireNonNull(request.data);
    }

    private void skip(int payload) throws IOException {
        if (payload > receiver.buffer().remaining()) {
            flush();
        }
        receiver.skip(payload);
    }

    private void flush() {
        if (requests > 0) {
            counters.batch(requests, readBytes, writtenBytes);
            requests = 0;
            readBytes = 0;
            writtenBytes = 0;
        }
        outbox.flush();
    }
}
