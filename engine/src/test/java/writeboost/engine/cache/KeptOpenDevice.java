package writeboost.engine.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.DeviceIdentity;

/** A device that survives being closed, so that a test can open a pair on it again. */
record KeptOpenDevice(BlockDevice inner) implements BlockDevice {
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
    public void close() {}
}
