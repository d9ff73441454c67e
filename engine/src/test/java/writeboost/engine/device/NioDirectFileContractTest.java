package writeboost.engine.device;

import java.io.IOException;

class NioDirectFileContractTest extends PersistentDeviceContract {
    @Override
    BlockDevice create() throws IOException {
        return Devices.open(
                folder.resolve("disk").toString(),
                DeviceOptions.exclusive().through(DeviceOptions.Backend.NIO).creating(SIZE_BYTES),
                new VirtualTasks());
    }

    @Override
    BlockDevice reopen() throws IOException {
        return Devices.open(
                folder.resolve("disk").toString(),
                DeviceOptions.exclusive().through(DeviceOptions.Backend.NIO),
                new VirtualTasks());
    }
}
