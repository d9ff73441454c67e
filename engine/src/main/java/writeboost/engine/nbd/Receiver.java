package writeboost.engine.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** The receiving side of a connection: one large buffer that takes what the socket holds. For one thread. */
final class Receiver {
    private final ReadableByteChannel channel;
    private final ByteBuffer buffer;

    /**
     * Makes one.
     *
     * @param buffer to receive into; empty at first, whatever its position and limit
     */
    Receiver(ReadableByteChannel channel, ByteBuffer buffer) {
        this.channel = channel;
        this.buffer = buffer.clear().limit(0);
    }

    /** What was received and not taken yet, from position to limit; whoever takes it moves the position. */
    ByteBuffer buffer() {
        return buffer;
    }

    /**
     * Waits for more.
     *
     * @param bytesMax what to take at the most
     * @return false if the client has closed its side
     * @throws NbdException if it did so in the middle of a message
     */
    boolean fill(int bytesMax) throws IOException {
        buffer.compact();
        buffer.limit((int) Math.min(buffer.capacity(), (long) buffer.position() + bytesMax));
        int received = channel.read(buffer);
        buffer.flip();
        if (received < 0 && buffer.hasRemaining()) {
            throw new NbdException("the client left in the middle of a message");
        }
        return received >= 0;
    }

    /** Copies what is already here into {@code target}, as far as it is wanted. */
    void drainTo(ByteBuffer target) {
        int bytes = Math.min(buffer.remaining(), target.remaining());
        int at = target.position();
        target.put(at, buffer, buffer.position(), bytes).position(at + bytes);
        buffer.position(buffer.position() + bytes);
    }

    /** Fills {@code target} straight from the socket. Nothing may be left in the buffer. */
    void readFully(ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            if (channel.read(target) < 0) {
                throw new NbdException("the client left in the middle of a payload");
            }
        }
    }

    /** Takes bytes and forgets them. */
    void skip(long bytes) throws IOException {
        long left = bytes;
        while (true) {
            int here = (int) Math.min(left, buffer.remaining());
            buffer.position(buffer.position() + here);
            left -= here;
            if (left == 0) {
                return;
            }
            if (!fill((int) Math.min(left, buffer.capacity()))) {
                throw new NbdException("the client left in the middle of a payload");
            }
        }
    }
}
