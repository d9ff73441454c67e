package writeboost.engine.device;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A device on top of another, which it owns: everything goes there unless overridden. */
public abstract class ForwardingDevice implements BlockDevice {
    private final BlockDevice inner;

    protected ForwardingDevice(BlockDevice inner) {
        this.inner = inner;
    }

    /** The device below. */
    protected final BlockDevice inner() {
        return inner;
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public long sizeBytes() {
        return inner.sizeBytes();
    }

    @Override
    public int sectorBytes() {
        return inner.sectorBytes();
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        inner.read(offsetBytes, into);
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws IOException {
        inner.write(offsetBytes, from);
    }

    @Override
    public void sync() throws IOException {
        inner.sync();
    }

    @Override
    public boolean canDiscard() {
        return inner.canDiscard();
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) throws IOException {
        inner.discard(offsetBytes, lengthBytes);
    }

    @Override
    public void zero(long offsetBytes, long lengthBytes, boolean mayUnmap) throws IOException {
        inner.zero(offsetBytes, lengthBytes, mayUnmap);
    }

    @Override
    public DeviceIdentity identity() {
        return inner.identity();
    }

    @Override
    public void close() throws IOException {
        inner.close();
    }
}
