package writeboost.engine.nbd;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;

/** Both directions of a connection in memory: what comes in arrives in pieces, what goes out is taken in pieces. */
final class MemoryStreams {
    private MemoryStreams() {}

    /** Gives bytes in pieces, then the end. */
    static final class In implements ReadableByteChannel {
        private final ByteBuffer bytes;
        private final int[] pieces;
        private int next;

        /**
         * Makes one.
         *
         * @param pieces lengths of the pieces, over and over; at least 1 each
         */
        In(byte[] bytes, int... pieces) {
            this.bytes = ByteBuffer.wrap(bytes);
            this.pieces = pieces;
        }

        @Override
        public int read(ByteBuffer target) {
            if (!bytes.hasRemaining()) {
                return -1;
            }
            int piece = pieces[next++ % pieces.length];
            int length = Math.min(Math.min(bytes.remaining(), target.remaining()), piece);
            target.put(bytes.slice(bytes.position(), length));
            bytes.position(bytes.position() + length);
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** Keeps what is written. */
    static final class Out implements GatheringByteChannel {
        private static final int PIECE = 5000;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        byte[] bytes() {
            return bytes.toByteArray();
        }

        @Override
        public int write(ByteBuffer source) {
            byte[] piece = new byte[Math.min(source.remaining(), PIECE)];
            source.get(piece);
            bytes.writeBytes(piece);
            return piece.length;
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                if (sources[i].hasRemaining()) {
                    return write(sources[i]);
                }
            }
            return 0;
        }

        @Override
        public long write(ByteBuffer[] sources) {
            return write(sources, 0, sources.length);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
