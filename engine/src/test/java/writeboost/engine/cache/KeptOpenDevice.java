package writeboost.engine.cache;

import java.io.IOException;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.ForwardingDevice;
import writeboost.engine.device.ReadList;

/** A device that survives being closed, so that a test can open a pair on it again. */
final class KeptOpenDevice extends ForwardingDevice {
    KeptOpenDevice(BlockDevice inner) {
        super(inner);
    }

    @Override
    public void readAll(ReadList list) throws IOException {
        inner().readAll(list);
    }

    @Override
    public void close() {}
}
