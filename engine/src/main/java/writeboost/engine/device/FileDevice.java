package writeboost.engine.device;

import java.nio.ByteBuffer;
import writeboost.engine.device.DeviceErrors.Action;

/**
 * What the devices made of a file or a block device have in common. A direct buffer at an address that the kernel can
 * use is handed to it as it is; any other is copied through a kept, aligned buffer, in pieces: nothing is allocated per
 * request.
 */
abstract class FileDevice implements BlockDevice {
    private final FileTarget target;
    private final Geometry geometry;
    private final DeviceIdentity identity;
    private final BounceBuffers bounce = new BounceBuffers();

    /**
     * What opening has found out.
     *
     * @param sizeBytes a multiple of {@code sectorBytes}
     * @param alignmentBytes what buffer addresses must be a multiple of: 1 if the page cache is used
     * @param writable whether it was opened for writing
     */
    record Geometry(long sizeBytes, int sectorBytes, int alignmentBytes, boolean writable) {}

    FileDevice(FileTarget target, Geometry geometry, DeviceIdentity identity) {
        Ranges.checkGeometry(geometry.sizeBytes, geometry.sectorBytes);
        this.target = target;
        this.geometry = geometry;
        this.identity = identity;
    }

    /**
     * Reads or writes all that remains of a buffer that the kernel can use; its position ends at its limit. With
     * nothing remaining, does nothing but fail if the device is closed.
     */
    abstract void move(Action action, long offsetBytes, ByteBuffer buffer) throws DeviceException;

    @Override
    public final String name() {
        return target.name();
    }

    @Override
    public final long sizeBytes() {
        return geometry.sizeBytes;
    }

    @Override
    public final int sectorBytes() {
        return geometry.sectorBytes;
    }

    @Override
    public final DeviceIdentity identity() {
        return identity;
    }

    /** Whether I/O goes past the page cache. */
    final boolean isDirect() {
        return geometry.alignmentBytes > 1;
    }

    final boolean isWritable() {
        return geometry.writable;
    }

    final FileTarget target() {
        return target;
    }

    @Override
    public final void read(long offsetBytes, ByteBuffer into) throws DeviceException {
        Ranges.check(this, offsetBytes, into.remaining());
        if (isUsable(into)) {
            move(Action.READ, offsetBytes, into);
            return;
        }
        ByteBuffer piece = bounce.take();
        try {
            long at = offsetBytes;
            while (into.hasRemaining()) {
                piece.clear().limit(Math.min(piece.capacity(), into.remaining()));
                move(Action.READ, at, piece);
                at += piece.flip().remaining();
                into.put(piece);
            }
        } finally {
            bounce.give(piece);
        }
    }

    @Override
    public final void write(long offsetBytes, ByteBuffer from) throws DeviceException {
        Ranges.check(this, offsetBytes, from.remaining());
        checkWritable(Action.WRITE);
        if (isUsable(from)) {
            move(Action.WRITE, offsetBytes, from);
            return;
        }
        ByteBuffer piece = bounce.take();
        int limit = from.limit();
        try {
            long at = offsetBytes;
            while (from.position() < limit) {
                piece.clear();
                from.limit(Math.min(limit, from.position() + piece.capacity()));
                piece.put(from).flip();
                int length = piece.remaining();
                move(Action.WRITE, at, piece);
                at += length;
            }
        } finally {
            from.limit(limit);
            bounce.give(piece);
        }
    }

    private boolean isUsable(ByteBuffer buffer) {
        return isUsable(buffer, buffer.position());
    }

    /** Whether the kernel can use a buffer from there on. */
    private boolean isUsable(ByteBuffer buffer, int at) {
        int alignment = geometry.alignmentBytes;
        return buffer.isDirect() && (alignment == 1 || buffer.alignmentOffset(at, alignment) == 0);
    }

    /** Whether the kernel can use the buffer of a list for each of its places, all of which are checked. */
    final boolean isUsable(ReadList list) {
        boolean usable = true;
        for (int i = 0; i < list.size(); i++) {
            Ranges.check(this, list.offsetBytes(i), list.lengthBytes(i));
            usable &= isUsable(list.into(), list.at(i));
        }
        return usable;
    }

    /** Writes zeros, for where nothing better is to be had. */
    final void writeZeros(long offsetBytes, long lengthBytes) throws DeviceException {
        ByteBuffer zeros = bounce.take();
        try {
            while (zeros.hasRemaining()) {
                zeros.putLong(0);
            }
            long done = 0;
            while (done < lengthBytes) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), lengthBytes - done));
                int length = zeros.remaining();
                move(Action.WRITE, offsetBytes + done, zeros);
                done += length;
            }
        } finally {
            bounce.give(zeros);
        }
    }

    final void checkWritable(Action action) throws DeviceException {
        if (!geometry.writable) {
            throw DeviceErrors.readOnly(action, name());
        }
    }
}
