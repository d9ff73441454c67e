package writeboost.engine.device;

import java.io.IOException;

class BufferedFileContractTest extends PersistentDeviceContract {
    @Override
    BlockDevice create() throws IOException {
        return Devices.open(
                folder.resolve("disk").toString(),
                DeviceOptions.exclusive().buffered().creating(SIZE_BYTES),
                new VirtualTasks());
    }

    @Override
    BlockDevice reopen() throws IOException {
        return Devices.open(
                folder.resolve("disk").toString(), DeviceOptions.exclusive().buffered(), new VirtualTasks());
    }
}
