package writeboost.app.bench.inside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import writeboost.engine.device.SparseDevice;

class HeadTravelTest {
    private final SparseDevice below = new SparseDevice("disk", 1 << 20);
    private final HeadTravel disk = new HeadTravel(below);

    private static ByteBuffer block() {
        return ByteBuffer.allocate(4096);
    }

    @Test
    void theFirstAccessIsNoJump() throws IOException {
        disk.write(40_960, block());
        assertThat(disk.travelBytes()).isZero();
    }

    @Test
    void whatFollowsDirectlyIsNoJump() throws IOException {
        disk.write(0, block());
        disk.write(4096, block());
        disk.read(8192, block());
        assertThat(disk.travelBytes()).isZero();
    }

    @Test
    void jumpsCountInBothDirectionsFromTheEndOfTheAccessBefore() throws IOException {
        disk.write(0, block());
        disk.write(40_960, block()); // 36,864 on
        disk.read(0, block()); // 45,056 back
        disk.zero(8192, 4096, false); // 4,096 on
        disk.sync();
        assertThat(disk.travelBytes()).isEqualTo(36_864 + 45_056 + 4_096);
    }

    @Test
    void itBeginsAnewWhenTold() throws IOException {
        disk.write(0, block());
        disk.write(40_960, block());
        disk.begin();
        disk.write(0, block());
        assertThat(disk.travelBytes()).isZero();
        disk.write(0, block());
        assertThat(disk.travelBytes()).isEqualTo(4096);
    }

    @Test
    void whatIsWrittenReachesTheDeviceBelow() throws IOException {
        disk.write(4096, block().putInt(0, 7));
        ByteBuffer back = block();
        below.read(4096, back);
        assertThat(back.getInt(0)).isEqualTo(7);
    }
}
