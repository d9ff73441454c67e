package writeboost.engine.device;

import java.io.IOException;

class MemoryDeviceContractTest extends BlockDeviceContract {
    @Override
    BlockDevice create() throws IOException {
        return new MemoryDevice("memory", SIZE_BYTES);
    }
}
