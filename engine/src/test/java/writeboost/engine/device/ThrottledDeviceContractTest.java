package writeboost.engine.device;

import java.io.IOException;

class ThrottledDeviceContractTest extends BlockDeviceContract {
    @Override
    BlockDevice create() throws IOException {
        return new ThrottledDevice(
                new MemoryDevice("memory", SIZE_BYTES),
                new ThrottledDevice.Limits(1_000_000, 1_000, 5_000_000),
                new VirtualTasks());
    }
}
