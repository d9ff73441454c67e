package writeboost.engine.cache;

import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.ForwardingDevice;

/** A device that survives being closed, so that a test can open a pair on it again. */
final class KeptOpenDevice extends ForwardingDevice {
    KeptOpenDevice(BlockDevice inner) {
        super(inner);
    }

    @Override
    public void close() {}
}
