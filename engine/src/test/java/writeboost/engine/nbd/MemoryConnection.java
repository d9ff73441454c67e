package writeboost.engine.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import writeboost.engine.task.Tasks;

/** A connection past its handshake without a socket: what is sent to it, and what it replies, lies in memory. */
record MemoryConnection(Tasks tasks, BufferPool pool, ByteBudget budget, ServerCounters counters) {
    /** Serves to the end of the stream, and gives all memory back. */
    void serve(Session session, MemoryStreams.In in, MemoryStreams.Out out, Gathering gathering) throws IOException {
        ByteBuffer receiveBuffer = pool.take(Limits.RECEIVE_BYTES);
        ByteBuffer sendBuffer = pool.take(Limits.SEND_BYTES);
        RequestSlots slots = new RequestSlots(tasks, pool, budget);
        ReplyEncoder encoder = new ReplyEncoder(session.structured());
        ReceivingTurn turn = new ReceivingTurn(tasks, "wb-test-second");
        Outbox outbox = new Outbox(tasks, "wb-test-writer", turn, out, slots, counters, encoder, sendBuffer, () -> {});
        Receiver receiver = new Receiver(in, receiveBuffer);
        try {
            new Transmission(session, receiver, slots, outbox, counters, gathering, turn).run();
        } finally {
            turn.end();
            outbox.flush();
            slots.awaitAllAndClose();
            outbox.close();
            pool.give(receiveBuffer);
            pool.give(sendBuffer);
        }
    }
}
