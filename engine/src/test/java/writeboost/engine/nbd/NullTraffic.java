package writeboost.engine.nbd;

import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;
import writeboost.engine.disk.Disk;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;

/** A client and a disk that take no time, for benchmarks: what remains is the server's. */
final class NullTraffic {
    /** Requests that arrive at a time: the queue depth of a busy client. */
    static final int BATCH = 32;

    private NullTraffic() {}

    /** A batch of requests of one kind, at different places. */
    static ByteBuffer requests(int command, int lengthBytes) {
        int payload = command == Wire.CMD_WRITE ? lengthBytes : 0;
        ByteBuffer bytes = ByteBuffer.allocateDirect(BATCH * (Wire.REQUEST_BYTES + payload));
        for (int i = 0; i < BATCH; i++) {
            bytes.putInt(Wire.REQUEST_MAGIC).putShort((short) 0).putShort((short) command);
            bytes.putLong(i).putLong((long) i * lengthBytes).putInt(lengthBytes);
            bytes.position(bytes.position() + payload);
        }
        return bytes.flip();
    }

    /** Gives the same bytes a number of times, in one piece each time, then says that there are no more. */
    static final class Source implements ReadableByteChannel {
        private final ByteBuffer bytes;
        private int timesLeft;

        Source(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        void again(int times) {
            timesLeft = times;
        }

        @Override
        public int read(ByteBuffer target) {
            if (timesLeft == 0) {
                return -1;
            }
            timesLeft--;
            target.put(target.position(), bytes, 0, bytes.limit());
            target.position(target.position() + bytes.limit());
            return bytes.limit();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** Takes whatever it is given. */
    static final class Sink implements GatheringByteChannel {
        long bytesWritten;

        @Override
        public int write(ByteBuffer source) {
            int length = source.remaining();
            source.position(source.limit());
            bytesWritten += length;
            return length;
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) {
            long all = 0;
            for (int i = offset; i < offset + length; i++) {
                all += write(sources[i]);
            }
            return all;
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

    /** Says at once that all is done. */
    static final class NullDisk implements Disk {
        private final long sizeBytes;

        NullDisk(long sizeBytes) {
            this.sizeBytes = sizeBytes;
        }

        @Override
        public long sizeBytes() {
            return sizeBytes;
        }

        @Override
        public String description() {
            return "nothing";
        }

        @Override
        public boolean readOnly() {
            return false;
        }

        @Override
        public void submit(DiskRequest request) {
            request.complete(DiskError.OK);
        }

        @Override
        public void status(StatusContext context, long offsetBytes, long lengthBytes, int maxExtents, ExtentSink sink) {
            sink.extent(lengthBytes, 0);
        }
    }
}
