package writeboost.engine.device;

import java.io.IOException;

class NioBufferedFileContractTest extends PersistentDeviceContract {
    @Override
    BlockDevice create() throws IOException {
        return Devices.open(
                folder.resolve("disk").toString(),
                DeviceOptions.exclusive()
                        .through(DeviceOptions.Backend.NIO)
                        .buffered()
                        .creating(SIZE_BYTES),
                new VirtualTasks());
    }

    @Override
    BlockDevice reopen() throws IOException {
        return Devices.open(
                folder.resolve("disk").toString(),
                DeviceOptions.exclusive().through(DeviceOptions.Backend.NIO).buffered(),
                new VirtualTasks());
    }
}
