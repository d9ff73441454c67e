package writeboost.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class MemoryDeviceTest {
    @Test
    void onlyWhatWasWrittenTakesMemory() throws IOException {
        try (MemoryDevice device = new MemoryDevice("large", 64L << 30)) {
            assertThat(device.allocatedBytes()).isZero();
            device.write((64L << 30) - 4096, ByteBuffer.allocate(4096));
            device.write(0, ByteBuffer.allocate(4096));
            device.read(32L << 30, ByteBuffer.allocate(4096));
            assertThat(device.allocatedBytes()).isEqualTo(2 * 65536);
            device.zero(0, 65536, true);
            assertThat(device.allocatedBytes()).isEqualTo(65536);
        }
    }

    @Test
    void sizesThatNoDeviceHasAreRefused() {
        assertThatThrownBy(() -> new MemoryDevice("odd", 1000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MemoryDevice("odd", 4608, 4096)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MemoryDevice("odd", 4096, 100)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MemoryDevice("huge", MemoryDevice.MAX_BYTES + 512))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
