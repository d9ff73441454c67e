package writeboost.app.bench.inside;

import java.io.IOException;
import java.nio.ByteBuffer;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.ForwardingDevice;

/**
 * A disk that tells how far its head was moved: the sum of the distances, in bytes, from the end of each read or write to the
 * beginning of the next, whichever way. Any thread may call.
 */
final class HeadTravel extends ForwardingDevice {
    private static final long ANYWHERE = -1;

    private long headByte = ANYWHERE; // guarded by this, like the next
    private long travelBytes;

    /** Watches the head of a device, which it owns from now on. Nobody knows where the head is: the first access is no jump. */
    HeadTravel(BlockDevice inner) {
        super(inner);
    }

    /** Begins anew: nothing was travelled, and the next access is no jump, wherever the head is. */
    synchronized void begin() {
        headByte = ANYWHERE;
        travelBytes = 0;
    }

    /** How far the head was moved so far. */
    synchronized long travelBytes() {
        return travelBytes;
    }

    private synchronized void move(long offsetBytes, long lengthBytes) {
        travelBytes += headByte == ANYWHERE ? 0 : Math.abs(offsetBytes - headByte);
        headByte = offsetBytes + lengthBytes;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        move(offsetBytes, into.remaining());
        inner().read(offsetBytes, into);
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws IOException {
        move(offsetBytes, from.remaining());
        inner().write(offsetBytes, from);
    }

    @Override
    public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) throws IOException {
        move(offsetBytes, lengthBytes);
        inner().zero(offsetBytes, lengthBytes, mayUnmap);
    }
}
