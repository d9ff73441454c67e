package writeboost.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SparseDeviceTest {
    private static final int BLOCK = 4096;
    private static final int SECTOR = 512;

    private final SparseDevice device = new SparseDevice("huge", 1L << 42);

    private byte[] read(long offset, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length);
        device.read(offset, into);
        assertThat(into.hasRemaining()).isFalse();
        return into.array();
    }

    private void write(long offset, byte[] data) throws IOException {
        ByteBuffer from = ByteBuffer.wrap(data);
        device.write(offset, from);
        assertThat(from.hasRemaining()).isFalse();
    }

    private static byte[] random(int length) {
        byte[] data = new byte[length];
        new Random(length).nextBytes(data);
        return data;
    }

    @Test
    void whatWasNeverWrittenReadsAsZerosAndTakesNoRoom() throws IOException {
        assertThat(read((1L << 42) - BLOCK, BLOCK)).containsOnly(0);
        write(1L << 40, new byte[64 * BLOCK]);
        assertThat(device.keptBlocks()).isZero();
    }

    @Test
    void whatIsNotZeroIsKept() throws IOException {
        byte[] data = random(3 * BLOCK);
        write(5 * BLOCK, data);
        assertThat(read(5 * BLOCK, 3 * BLOCK)).isEqualTo(data);
        assertThat(device.keptBlocks()).isEqualTo(3);
    }

    @Test
    void zerosGiveTheRoomBack() throws IOException {
        write(0, random(4 * BLOCK));
        write(0, new byte[BLOCK]);
        device.zero(BLOCK, 2 * BLOCK, true);
        assertThat(read(0, 3 * BLOCK)).containsOnly(0);
        assertThat(device.keptBlocks()).isEqualTo(1);
    }

    @Test
    void aPartOfABlockLeavesTheRestOfIt() throws IOException {
        byte[] data = random(2 * BLOCK);
        write(0, data);
        byte[] part = random(BLOCK + SECTOR);
        write(BLOCK - SECTOR, part);
        System.arraycopy(part, 0, data, BLOCK - SECTOR, part.length);
        assertThat(read(0, 2 * BLOCK)).isEqualTo(data);
        write(0, new byte[BLOCK - SECTOR]);
        write(BLOCK - SECTOR, new byte[SECTOR]);
        assertThat(device.keptBlocks()).isEqualTo(1);
    }

    @Test
    void moreThanSectorsInsideOfItIsRefused() {
        assertThatThrownBy(() -> read(-SECTOR, SECTOR)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(1L << 42, SECTOR)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> write(100, new byte[SECTOR])).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> write(0, new byte[100])).isInstanceOf(IOException.class);
    }
}
