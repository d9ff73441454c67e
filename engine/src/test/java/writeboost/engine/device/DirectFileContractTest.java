package writeboost.engine.device;

import java.io.IOException;

class DirectFileContractTest extends PersistentDeviceContract {
    @Override
    BlockDevice create() throws IOException {
        return Devices.open(
                folder.resolve("disk").toString(), DeviceOptions.exclusive().creating(SIZE_BYTES), new VirtualTasks());
    }

    @Override
    BlockDevice reopen() throws IOException {
        return Devices.open(folder.resolve("disk").toString(), DeviceOptions.exclusive(), new VirtualTasks());
    }
}
