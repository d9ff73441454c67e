package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import writeboost.engine.device.MemoryDevice;

class FingerprintTest {
    private static final int BLOCK = Geometry.BLOCK_BYTES;

    private static MemoryDevice device(long bytes) throws Exception {
        MemoryDevice device = new MemoryDevice("disk", bytes);
        for (long block = 0; block < bytes / BLOCK; block++) {
            device.write(block * BLOCK, LogImage.content(block, 1));
        }
        return device;
    }

    private static int crcOf(MemoryDevice device, long block) throws Exception {
        ByteBuffer b = Blocks.allocate(1);
        device.read(block * BLOCK, b);
        return new Crc().of(b, 0, BLOCK);
    }

    @Test
    void itCoversTheFirstAndTheLastMebibyte() throws Exception {
        MemoryDevice disk = device(4 << 20);
        Fingerprint f = Fingerprint.measure(disk);
        assertThat(f.blocks()).isEqualTo(512);
        Set<Long> covered = new HashSet<>();
        for (int i = 0; i < 512; i++) {
            long address = f.addressOf(i, disk.sizeBytes());
            covered.add(address);
            assertThat(f.isUnknown(i)).isFalse();
            assertThat(f.crc(i)).isEqualTo(crcOf(disk, address));
            assertThat(f.indexOf(address, disk.sizeBytes())).isEqualTo(i);
        }
        assertThat(covered).hasSize(512).contains(0L, 255L, 768L, 1023L).doesNotContain(256L, 767L);
    }

    @Test
    void addressesBetweenAreNotOfIt() {
        Fingerprint f = Fingerprint.unknown(4 << 20);
        for (long address : new long[] {256, 500, 767, 1024, 5000, 1L << 39}) {
            assertThat(f.indexOf(address, 4 << 20)).as("block %s", address).isEqualTo(-1);
        }
    }

    @Test
    void aSmallOrOddDeviceHasAsManyBlocksAsItCan() throws Exception {
        for (long bytes : new long[] {0, 4096, 8192, 3 * 4096, 10 * 4096 + 512, 1 << 20, (2 << 20) + 4096 + 1024}) {
            MemoryDevice disk = device(bytes);
            Fingerprint f = Fingerprint.measure(disk);
            assertThat(f.blocks()).isEven().isEqualTo((int) Math.min(512, bytes / BLOCK / 2 * 2));
            for (int i = 0; i < f.blocks(); i++) {
                long address = f.addressOf(i, bytes);
                assertThat(f.indexOf(address, bytes)).isEqualTo(i);
                assertThat(f.crc(i)).isEqualTo(crcOf(disk, address));
            }
        }
    }

    @Test
    void measuredAnewItIsWhatTheDiskIsNowWhateverWasKnown() throws Exception {
        MemoryDevice disk = device(4 << 20);
        Fingerprint f = Fingerprint.measure(disk);
        for (int i : new int[] {0, 5, 6, 255, 256, 257, 511}) {
            f.forget(i);
        }
        f.set(7, 4711);
        disk.write(100 * BLOCK, Blocks.allocate(1));
        f.measureAnew(disk);
        assertThat(f).isEqualTo(Fingerprint.measure(disk));
        assertThat(f.crc(100)).isEqualTo(crcOf(disk, 100));
        assertThat(f.isUnknown(255)).isFalse();
    }

    @Test
    void whatIsSetIsKnown() {
        Fingerprint f = Fingerprint.unknown(4 << 20);
        assertThat(f.isUnknown(7)).isTrue();
        f.set(7, 42);
        assertThat(f.isUnknown(7)).isFalse();
        assertThat(f.crc(7)).isEqualTo(42);
        f.forget(7);
        assertThat(f.isUnknown(7)).isTrue();
    }

    @Test
    void aCopyDoesNotChangeWithTheOriginal() {
        Fingerprint f = Fingerprint.unknown(4 << 20);
        f.set(1, 1);
        Fingerprint copy = f.copy();
        f.set(1, 2);
        f.set(2, 2);
        assertThat(copy.crc(1)).isEqualTo(1);
        assertThat(copy.isUnknown(2)).isTrue();
        assertThat(copy).isNotEqualTo(f);
    }

    @Test
    void whatIsEncodedIsDecoded() {
        for (long bytes : new long[] {0, 8192, 100 * 4096, 4 << 20}) {
            Fingerprint f = Fingerprint.unknown(bytes);
            for (int i = 0; i < f.blocks(); i += 5) {
                f.set(i, i * 1_000_003);
            }
            ByteBuffer b = Blocks.allocate(1);
            f.encode(b, 128);
            assertThat(Fingerprint.decode(b, 128, f.blocks())).isEqualTo(f);
        }
    }

    /** What is about to change must be forgotten, all of it, and whoever changes it must hear if any of it was known. */
    @Test
    void aRangeThatChangesIsForgottenWhereverItLies() throws Exception {
        long bytes = 520 * BLOCK; // eight blocks in the middle are not of it
        Fingerprint all = Fingerprint.measure(device(bytes));
        long[] edges = {0, 1, 100, 255, 256, 257, 260, 263, 264, 265, 400, 519, 520, 600};
        for (long from : edges) {
            for (long end : edges) {
                if (from < end) {
                    Fingerprint f = all.copy();
                    boolean touched = false;
                    boolean told = f.forget(from, end, bytes);
                    for (int i = 0; i < f.blocks(); i++) {
                        long address = f.addressOf(i, bytes);
                        boolean inside = address >= from && address < end;
                        assertThat(f.isUnknown(i))
                                .as("block %s of %s to %s", address, from, end)
                                .isEqualTo(inside);
                        touched |= inside;
                    }
                    assertThat(told).as("%s to %s", from, end).isEqualTo(touched);
                    assertThat(f.forget(from, end, bytes)).as("known no more").isFalse();
                }
            }
        }
    }
}
