package writeboost.engine.device;

import java.io.IOException;

class ReturningDeviceContractTest extends BlockDeviceContract {
    @Override
    BlockDevice create() throws IOException {
        return new ReturningDevice(
                new MemoryDevice("memory", SIZE_BYTES),
                () -> {
                    throw new IOException("it never leaves");
                },
                new VirtualTasks());
    }
}
