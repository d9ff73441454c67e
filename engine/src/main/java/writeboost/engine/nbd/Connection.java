package writeboost.engine.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One client from accept to close. Its thread receives: first the handshake, then requests; at the end it waits for
 * all requests in flight, so that no buffer goes back to the pool while the disk may still use it.
 *
 * <p>{@link #finish} and {@link #cut} may be called by any thread; neither blocks.
 */
final class Connection implements Runnable {
    private final ServerContext server;
    private final SocketChannel channel;
    private final PeerCheck peerCheck;
    private final String name;
    private volatile boolean ending;
    private volatile @Nullable Outbox outbox;
    private volatile @Nullable RequestSlots slots;

    /**
     * Makes one.
     *
     * @param name of its threads, and for people
     */
    Connection(ServerContext server, SocketChannel channel, PeerCheck peerCheck, String name) {
        this.server = server;
        this.channel = channel;
        this.peerCheck = peerCheck;
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Takes no more from the client; what it has sent is finished and answered, then the connection closes. */
    void finish() {
        ending = true;
        try {
            channel.shutdownInput();
        } catch (IOException e) {
            cut(); // Then the client is gone, or as good as gone.
        }
    }

    /** Closes at once: replies are dropped; the disk finishes what it has. */
    void cut() {
        ending = true;
        closeChannel();
    }

    /** The client did not finish its handshake in time, or had to make room. */
    void cutHandshake(String why) {
        server.counters().refusal();
        server.listener().connectionFailed(name, why, null);
        cut();
    }

    /** Cuts a client that keeps memory which others wait for, by not sending or taking what it was to. */
    void cutIfStalled() {
        RequestSlots held = slots;
        if (ending || held == null || held.stallClock().waitedNs() < Limits.STALL_NS_MAX || held.sharedBytes() == 0) {
            return;
        }
        server.listener()
                .connectionFailed(
                        name,
                        "the client took longer than " + Limits.STALL_NS_MAX / 1_000_000_000
                                + " s over one payload or reply, while others waited for the memory that it held",
                        null);
        cut();
    }

    @Override
    public void run() {
        ByteBuffer receiveBuffer = null;
        boolean isFree = false;
        try {
            peerCheck.check(channel);
            receiveBuffer = server.pool().take(Limits.RECEIVE_BYTES);
            Receiver receiver = new Receiver(channel, receiveBuffer);
            Session session = negotiate(receiver);
            if (session != null) {
                transmit(session, receiver);
            }
            isFree = true;
        } catch (IOException e) {
            failed(e);
            isFree = true;
        } finally {
            closeChannel();
            if (receiveBuffer != null && isFree) { // after a mistake of ours its second thread may still use it
                server.pool().give(receiveBuffer);
            }
            server.connections().remove(this);
        }
    }

    private @Nullable Session negotiate(Receiver receiver) throws IOException {
        Handshake handshake = new Handshake(server.exports(), this::admit);
        OptionReplies replies = new OptionReplies();
        send(Handshake.greeting());
        while (receiver.fill(Limits.RECEIVE_BYTES)) {
            Handshake.Step step;
            do {
                step = handshake.advance(receiver.buffer(), replies);
                if (step == Handshake.Step.REFUSED) {
                    throw new NbdException(handshake.reason());
                }
                send(replies.take());
            } while (step == Handshake.Step.SEND);
            if (step != Handshake.Step.MORE) {
                return handshake.session();
            }
        }
        return null;
    }

    /** Counted before the client hears of it, so that whoever has an answer finds itself in the statistics. */
    private boolean admit(Export export) {
        boolean admitted = server.connections().admit(this, export);
        if (admitted) {
            server.counters().client();
        }
        return admitted;
    }

    private void transmit(Session session, Receiver receiver) throws IOException {
        ByteBuffer sendBuffer = server.pool().take(Limits.SEND_BYTES);
        RequestSlots requests = new RequestSlots(server.tasks(), server.pool(), server.budget());
        slots = requests;
        ReplyEncoder encoder = new ReplyEncoder(session.structured());
        ReceivingTurn turn = new ReceivingTurn(server.tasks(), name + "-second");
        Outbox out = new Outbox(
                server.tasks(),
                name + "-writer",
                turn,
                channel,
                requests,
                server.counters(),
                encoder,
                sendBuffer,
                this::cut);
        outbox = out;
        try {
            if (!channel.isOpen()) {
                out.breakOff(); // It was cut before it had an outbox to break.
            }
            Gathering gathering = Gathering.ofThisThread(server.tasks());
            serve(new Transmission(session, receiver, requests, out, server.counters(), gathering, turn), turn);
            out.flush();
            requests.awaitAllAndClose();
            server.pool().give(sendBuffer);
        } finally {
            // If a mistake of ours has brought us here, nobody knows what it left in flight: then the buffers of this
            // connection are never lent again.
            out.close();
        }
    }

    private void serve(Transmission transmission, ReceivingTurn turn) {
        try {
            transmission.run();
        } catch (IOException e) {
            failed(e);
            cut();
        } finally {
            turn.end();
        }
    }

    private void send(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void failed(IOException e) {
        if (ending) {
            return; // We closed it ourselves; whatever a blocked call says to that is no news.
        }
        if (outbox == null) {
            server.counters().refusal();
        }
        String what = e instanceof NbdException ? e.getMessage() : "the connection broke: " + e.getMessage();
        server.listener().connectionFailed(name, String.valueOf(what), e);
    }

    private void closeChannel() {
        Outbox out = outbox;
        if (out != null) {
            out.breakOff();
            server.budget().wake();
        }
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is lost by it: what was to be sent is sent, or the client is gone.
            server.listener().connectionFailed(name, "closing the socket failed", e);
        }
    }
}
