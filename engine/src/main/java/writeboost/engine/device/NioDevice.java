package writeboost.engine.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import writeboost.engine.device.DeviceErrors.Action;

/**
 * A file or a block device through java.nio: for where system calls are not to be had. No discard, no holes: zeros are
 * written. Made by {@link NioOpener}.
 *
 * <p>Its lock is one of the process (see {@link HeldFiles}): other processes are kept away only until this one closes an
 * inspection of the same file. And an interrupt of a thread inside closes the channel: never interrupt I/O threads.
 */
final class NioDevice extends FileDevice {
    private final FileChannel channel;
    private final AtomicBoolean closed = new AtomicBoolean();

    NioDevice(FileChannel channel, FileTarget target, Geometry geometry, DeviceIdentity identity) {
        super(target, geometry, identity);
        this.channel = channel;
    }

    @Override
    void move(Action action, long offsetBytes, ByteBuffer buffer) throws DeviceException {
        long length = buffer.remaining();
        long at = offsetBytes;
        checkOpen();
        while (buffer.hasRemaining()) {
            int moved;
            try {
                moved = action == Action.WRITE ? channel.write(buffer, at) : channel.read(buffer, at);
            } catch (IOException e) {
                throw DeviceErrors.failed(action, name(), offsetBytes, length, e);
            }
            if (moved <= 0) {
                throw DeviceErrors.shrunk(action, name(), offsetBytes, length);
            }
            at += moved;
        }
    }

    @Override
    public void sync() throws DeviceException {
        checkOpen();
        try {
            channel.force(false);
        } catch (IOException e) {
            throw DeviceErrors.failed(Action.SYNC, name(), 0, 0, e);
        }
    }

    @Override
    public boolean canDiscard() {
        return false;
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) throws DeviceException {
        Ranges.check(this, offsetBytes, lengthBytes);
        checkWritable(Action.DISCARD);
        checkOpen();
    }

    @Override
    public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) throws DeviceException {
        Ranges.check(this, offsetBytes, lengthBytes);
        checkWritable(Action.ZERO);
        checkOpen();
        writeZeros(offsetBytes, lengthBytes);
    }

    private void checkOpen() throws DeviceException {
        if (!channel.isOpen()) {
            throw DeviceErrors.closed(name());
        }
    }

    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            try {
                channel.close();
            } finally {
                if (isWritable()) {
                    HeldFiles.release(target());
                }
            }
        }
    }

    @Override
    public String toString() {
        return name() + " (NIO, " + (isDirect() ? "direct" : "buffered") + ")";
    }
}
