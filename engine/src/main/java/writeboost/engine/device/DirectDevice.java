package writeboost.engine.device;

import java.io.IOException;
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
    private final AsyncPool async;

    DirectDevice(LibC libc, int fd, FileTarget target, Geometry geometry, DeviceIdentity identity) {
        super(target, geometry, identity);
        this.libc = libc;
        this.descriptor = new Descriptor(libc, fd, target.name());
        this.space = SpaceControl.of(libc, target);
        this.async = new AsyncPool(libc);
    }

    @Override
    void move(Action action, long offsetBytes, ByteBuffer buffer) throws DeviceException {
        int fd = descriptor.enter();
        try {
            if (buffer.hasRemaining()) {
                move(action, fd, offsetBytes, LibC.address(buffer) + buffer.position(), buffer.remaining());
                buffer.position(buffer.limit());
            }
        } finally {
            Reference.reachabilityFence(buffer); // the kernel knew it only by its address
            descriptor.exit();
        }
    }

    private void move(Action action, int fd, long offsetBytes, long address, long length) throws DeviceException {
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
    }

    @Override
    public void readAll(ReadList list) throws IOException {
        if (!isUsable(list)) {
            super.readAll(list);
            return;
        }
        int fd = descriptor.enter();
        try {
            if (list.size() > 1 && isDirect()) {
                readTogether(fd, list);
            }
            readRest(fd, list);
        } finally {
            Reference.reachabilityFence(list.into());
            descriptor.exit();
        }
    }

    private void readTogether(int fd, ReadList list) {
        AsyncReads reads = async.take();
        if (reads != null) {
            try {
                reads.read(fd, list);
            } finally {
                async.give(reads);
            }
        }
    }

    /** Reads what is not read yet place by place. */
    private void readRest(int fd, ReadList list) {
        long into = LibC.address(list.into());
        for (int i = 0; i < list.size(); i++) {
            if (!list.isRead(i)) {
                boolean good = true;
                try {
                    move(Action.READ, fd, list.offsetBytes(i), into + list.at(i), list.lengthBytes(i));
                } catch (DeviceException e) {
                    good = false;
                }
                list.ended(i, good);
            }
        }
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
        async.close();
    }

    @Override
    public String toString() {
        return name() + (isDirect() ? " (direct)" : " (buffered)");
    }
}
