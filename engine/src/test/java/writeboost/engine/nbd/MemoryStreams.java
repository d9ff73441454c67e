package writeboost.engine.nbd;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.util.function.IntSupplier;

/** Both directions of a connection in memory: what comes in arrives in pieces, what goes out is taken in pieces. */
final class MemoryStreams {
    private MemoryStreams() {}

    /** Gives bytes in pieces, then the end. */
    static final class In implements ReadableByteChannel {
        private final ByteBuffer bytes;
        private final IntSupplier pieces;

        /**
         * Makes one.
         *
         * @param pieces lengths of the pieces, over and over; at least 1 each
         */
        In(byte[] bytes, int... pieces) {
            this(bytes, new Cycle(pieces));
        }

        /**
         * Makes one.
         *
         * @param pieces gives the length of the next piece; at least 1
         */
        In(byte[] bytes, IntSupplier pieces) {
            this.bytes = ByteBuffer.wrap(bytes);
            this.pieces = pieces;
        }

        @Override
        public int read(ByteBuffer target) {
            if (!bytes.hasRemaining()) {
                return -1;
            }
            int length = Math.min(Math.min(bytes.remaining(), target.remaining()), pieces.getAsInt());
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

    /** Some numbers, over and over. */
    private static final class Cycle implements IntSupplier {
        private final int[] numbers;
        private int next;

        Cycle(int[] numbers) {
            this.numbers = numbers;
        }

        @Override
        public int getAsInt() {
            return numbers[next++ % numbers.length];
        }
    }

    /** Keeps what is written, and takes it in pieces. */
    static final class Out implements GatheringByteChannel {
        private final int pieceBytes;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Out(int pieceBytes) {
            this.pieceBytes = pieceBytes;
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }

        @Override
        public int write(ByteBuffer source) {
            byte[] piece = new byte[Math.min(source.remaining(), pieceBytes)];
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
