package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest;

@Timeout(120)
class CachedDiskTest {
    private static final long MIB = 1 << 20;

    private static byte[] random(int seed, int length) {
        byte[] data = new byte[length];
        new Random(seed).nextBytes(data);
        return data;
    }

    @Test
    void whatWasWrittenIsRead() throws Exception {
        try (TestPair p = TestPair.ofSegments(64, 64 * MIB, TestPair.QUIET)) {
            byte[] data = random(1, 4096);
            assertThat(p.write(8192, data)).isEqualTo(DiskError.OK);
            assertThat(p.read(8192, 4096)).isEqualTo(data);
            assertThat(p.read(4096, 4096)).containsOnly(0);
        }
    }

    @Test
    void whatWasFlushedSurvivesACrash() throws Exception {
        try (TestPair p = TestPair.ofSegments(64, 64 * MIB, TestPair.QUIET)) {
            byte[] data = random(2, 3 * 4096);
            p.write(8192, data);
            p.flush();
            p.disk.kill();
            p.open(TestPair.QUIET);
            assertThat(p.read(8192, data.length)).isEqualTo(data);
        }
    }

    @Test
    void aDiskUnderAMixedLoadHoldsWhatAModelHolds() throws Exception {
        int size = (int) (16 * MIB) + 1536;
        byte[] model = new byte[size];
        Random random = new Random(5);
        Settings settings = new Settings(100, 8, 1, 1, 32);
        try (TestPair p = TestPair.ofSegments(40, size, settings)) {
            for (int i = 0; i < 6000; i++) {
                int offset = random.nextInt(size - 1);
                int length = 1 + random.nextInt(Math.min(size - offset, random.nextInt(4) == 0 ? 300_000 : 9000));
                if (random.nextBoolean()) {
                    offset = offset / 4096 * 4096;
                    length = Math.min(size - offset, (length + 4095) / 4096 * 4096);
                }
                switch (random.nextInt(10)) {
                    case 0 -> {
                        assertThat(p.zero(offset, length)).isEqualTo(DiskError.OK);
                        Arrays.fill(model, offset, offset + length, (byte) 0);
                    }
                    case 1 -> assertThat(p.flush()).isEqualTo(DiskError.OK);
                    case 2, 3, 4 ->
                        assertThat(p.read(offset, length))
                                .as("operation %d, %d bytes at %d", i, length, offset)
                                .isEqualTo(Arrays.copyOfRange(model, offset, offset + length));
                    default -> {
                        byte[] data = random(i, length);
                        assertThat(p.run(DiskRequest.Op.WRITE, offset, length, data, i % 7 == 0))
                                .isEqualTo(DiskError.OK);
                        System.arraycopy(data, 0, model, offset, length);
                    }
                }
                if (i % 1500 == 1499) {
                    p.flush();
                    if (i % 3000 == 1499) {
                        p.disk.kill();
                    } else {
                        p.disk.stop();
                    }
                    p.open(settings);
                    assertThat(p.read(0, size)).isEqualTo(model);
                }
            }
            p.disk.flush(Progress.NONE);
            assertThat(p.backing(0, size)).isEqualTo(model);
            assertThat(p.disk.snapshot().dirtyBlocks()).isZero();
            p.disk.drop(Progress.NONE);
            assertThat(p.disk.snapshot().cachedBlocks()).isZero();
            assertThat(p.read(0, size)).isEqualTo(model);
        }
    }
}
