package writeboost.engine.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

@Tag("root")
class LoopBufferedContractTest extends PersistentDeviceContract {
    @Override
    BlockDevice create() throws IOException {
        Path file = folder.resolve("image");
        try (FileChannel image = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            image.write(ByteBuffer.allocate(1), SIZE_BYTES - 1);
        }
        loop = Loop.attach(file, 512);
        return reopen();
    }

    @Override
    BlockDevice reopen() throws IOException {
        Loop attached = java.util.Objects.requireNonNull(loop);
        return Devices.open(
                attached.node().toString(), DeviceOptions.exclusive().buffered(), new VirtualTasks());
    }

    private @Nullable Loop loop;

    @AfterEach
    void detach() throws IOException {
        if (device != null) {
            device.close();
        }
        if (loop != null) {
            loop.close();
        }
    }
}
