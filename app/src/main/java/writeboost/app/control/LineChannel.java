package writeboost.app.control;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lines of UTF-8 over a socket. One thread reads, any threads write; a line is written whole. Nothing is believed of the
 * peer: a line that is too long or not UTF-8 is an error of the reader's, not a large buffer.
 */
final class LineChannel implements Closeable {
    /** The peer does not keep to lines; what follows cannot be understood. */
    static final class BadLine extends IOException {
        private static final long serialVersionUID = 1L;

        BadLine(String message) {
            super(message);
        }
    }

    private static final int FIRST_BUFFER_BYTES = 4096;

    private final SocketChannel channel;
    private final int maxLineBytes;
    private final Object writeLock = new Object();
    private ByteBuffer in = ByteBuffer.allocate(FIRST_BUFFER_BYTES).flip(); // the reader's

    LineChannel(SocketChannel channel, int maxLineBytes) {
        this.channel = channel;
        this.maxLineBytes = maxLineBytes;
    }

    /**
     * The next line, without its end.
     *
     * @return null when the peer has closed; a last line without an end does not count
     * @throws BadLine if it is longer than allowed or not UTF-8
     */
    @Nullable String readLine() throws IOException {
        int searched = in.position();
        while (true) {
            for (int i = searched; i < in.limit(); i++) {
                if (in.get(i) == '\n') {
                    return take(i);
                }
            }
            searched = in.limit() - in.position();
            if (searched >= maxLineBytes) {
                throw new BadLine("a line is longer than " + maxLineBytes + " bytes");
            }
            if (!fill()) {
                return null;
            }
        }
    }

    void writeLine(String line) throws IOException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.wrap(bytes);
        synchronized (writeLock) {
            while (out.hasRemaining()) {
                channel.write(out);
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private String take(int end) throws BadLine {
        ByteBuffer line = in.slice(in.position(), end - in.position());
        in.position(end + 1);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(line).toString();
        } catch (CharacterCodingException e) {
            BadLine bad = new BadLine("a line is not UTF-8");
            bad.initCause(e);
            throw bad;
        }
    }

    /** Moves what is left to the front and reads more behind it. */
    private boolean fill() throws IOException {
        in.compact();
        if (!in.hasRemaining()) {
            int grown = Math.min(in.capacity() * 2, maxLineBytes + 1);
            in = ByteBuffer.wrap(Arrays.copyOf(in.array(), grown)).position(in.position());
        }
        int read = channel.read(in);
        in.flip();
        return read >= 0;
    }
}
