package writeboost.engine.device;

import java.io.IOException;

class FaultDeviceContractTest extends BlockDeviceContract {
    @Override
    BlockDevice create() throws IOException {
        return new FaultDevice(new MemoryDevice("memory", SIZE_BYTES), new VirtualTasks());
    }
}
