package writeboost.engine.device;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import writeboost.engine.device.DeviceErrors.Action;

/**
 * A file or a block device, through system calls: O_DIRECT where the file system allows it. Made by
 * {@link DirectOpener}.
 *
 * <p>A system call that was interrupted, or did only a part, is continued. Errors of a removed disk arrive as EIO; if the
 * machine no longer knows the disk, they are told as GONE. Closing waits for nothing: what is under way ends first.
 */
final class DirectDevice extends FileDevice {
    private final LibC libc;
    private final Descriptor descriptor;
    private final SpaceControl space;

    DirectDevice(LibC libc, int fd, FileTarget target, Geometry geometry, DeviceIdentity identity) {
        super(target, geometry, identity);
        this.libc = libc;
        this.descriptor = new Descriptor(libc, fd, target.name());
        this.space = SpaceControl.of(libc, target);
    }

    @Override
    void move(Action action, long offsetBytes, ByteBuffer buffer) throws DeviceException {
        int fd = descriptor.enter();
        try {
            if (buffer.hasRemaining()) {
                move(action, fd, offsetBytes, buffer);
            }
        } finally {
            Reference.reachabilityFence(buffer); // the kernel knew it only by its address
            descriptor.exit();
        }
    }

    private void move(Action action, int fd, long offsetBytes, ByteBuffer buffer) throws DeviceException {
        long address = LibC.address(buffer) + buffer.position();
        long length = buffer.remaining();
        long done = 0;
        while (done < length) {
            long moved = action == Action.WRITE
                    ? libc.pwrite(fd, address + done, length - done, offsetBytes + done)
                    : libc.pread(fd, address + done, length - done, offsetBytes + done);
            if (moved == 0) {
                throw DeviceErrors.shrunk(action, name(), offsetBytes, length);
            } else if (moved > 0) {
                done += moved;
            } else if (moved != -Errno.EINTR) {
                throw failed(action, offsetBytes, length, (int) -moved);
            }
        }
        buffer.position(buffer.limit());
    }

    @Override
    public void sync() throws DeviceException {
        int fd = descriptor.enter();
        try {
            int result;
            do {
                result = libc.fdatasync(fd);
            } while (result == -Errno.EINTR);
            if (result < 0) {
                throw failed(Action.SYNC, 0, 0, -result);
            }
        } finally {
            descriptor.exit();
        }
    }

    @Override
    public boolean canDiscard() {
        return isWritable() && space.canDiscard();
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) throws DeviceException {
        Ranges.check(this, offsetBytes, lengthBytes);
        checkWritable(Action.DISCARD);
        int fd = descriptor.enter();
        try {
            int result = lengthBytes == 0 ? 0 : space.discard(fd, offsetBytes, lengthBytes);
            if (result < 0) {
                throw failed(Action.DISCARD, offsetBytes, lengthBytes, -result);
            }
        } finally {
            descriptor.exit();
        }
    }

    @Override
    public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) throws DeviceException {
        Ranges.check(this, offsetBytes, lengthBytes);
        checkWritable(Action.ZERO);
        int fd = descriptor.enter();
        try {
            int result = lengthBytes == 0 ? 0 : space.zero(fd, offsetBytes, lengthBytes, mayUnmap);
            if (result < 0 && Errno.isUnsupported(-result)) {
                writeZeros(offsetBytes, lengthBytes);
            } else if (result < 0) {
                throw failed(Action.ZERO, offsetBytes, lengthBytes, -result);
            }
        } finally {
            descriptor.exit();
        }
    }

    private DeviceException failed(Action action, long offsetBytes, long lengthBytes, int errno) {
        DeviceException.Kind kind = Errno.kind(errno);
        if (kind == DeviceException.Kind.IO && target().isRemoved()) {
            kind = DeviceException.Kind.GONE;
        }
        return DeviceErrors.failed(kind, action, name(), offsetBytes, lengthBytes, libc.message(errno));
    }

    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return name() + (isDirect() ? " (direct)" : " (buffered)");
    }
}
