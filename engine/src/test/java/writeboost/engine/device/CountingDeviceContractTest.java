package writeboost.engine.device;

import java.io.IOException;

class CountingDeviceContractTest extends BlockDeviceContract {
    @Override
    BlockDevice create() throws IOException {
        return new CountingDevice(new MemoryDevice("memory", SIZE_BYTES), new VirtualTasks());
    }
}
