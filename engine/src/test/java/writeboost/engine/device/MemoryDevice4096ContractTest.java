package writeboost.engine.device;

import java.io.IOException;

class MemoryDevice4096ContractTest extends BlockDeviceContract {
    @Override
    BlockDevice create() throws IOException {
        return new MemoryDevice("memory", SIZE_BYTES, 4096);
    }
}
