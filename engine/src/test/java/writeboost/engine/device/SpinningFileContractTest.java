package writeboost.engine.device;

import java.io.IOException;

class SpinningFileContractTest extends PersistentDeviceContract {
    @Override
    BlockDevice create() throws IOException {
        return Devices.open(
                "hdd:" + folder.resolve("disk"), DeviceOptions.exclusive().creating(SIZE_BYTES), new VirtualTasks());
    }

    @Override
    BlockDevice reopen() throws IOException {
        return Devices.open("hdd:" + folder.resolve("disk"), DeviceOptions.exclusive(), new VirtualTasks());
    }
}
