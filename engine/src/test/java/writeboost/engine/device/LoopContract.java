package writeboost.engine.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** The contract, kept by a block device of the kernel. */
@Tag("root")
abstract class LoopContract extends PersistentDeviceContract {
    private final int loopSectorBytes;
    private final DeviceOptions options;
    private @Nullable Loop loop;

    LoopContract(int loopSectorBytes, DeviceOptions options) {
        this.loopSectorBytes = loopSectorBytes;
        this.options = options;
    }

    @Override
    BlockDevice create() throws IOException {
        Path file = folder.resolve("image");
        try (FileChannel image = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            image.write(ByteBuffer.allocate(1), SIZE_BYTES - 1);
        }
        loop = Loop.attach(file, loopSectorBytes);
        return reopen();
    }

    @Override
    BlockDevice reopen() throws IOException {
        String node = Objects.requireNonNull(loop).node().toString();
        return Devices.open(node, options, new VirtualTasks());
    }

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
