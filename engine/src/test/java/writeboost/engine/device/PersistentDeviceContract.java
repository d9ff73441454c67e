package writeboost.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a device promises beyond {@link BlockDeviceContract} if its content outlives it. */
abstract class PersistentDeviceContract extends BlockDeviceContract {
    /** The same device once more, after it was closed. */
    abstract BlockDevice reopen() throws IOException;

    @Test
    void whatWasSyncedIsThereAfterReopening() throws IOException {
        byte[] data = random(13, LARGE_BYTES);
        device.write(4096, aligned(data));
        device.zero(8192, 4096, true);
        device.sync();
        DeviceIdentity before = device.identity();
        device.close();
        device = reopen();
        Arrays.fill(data, 4096, 8192, (byte) 0);
        assertThat(read(4096, LARGE_BYTES)).isEqualTo(data);
        assertThat(device.identity()).isEqualTo(before);
    }
}
