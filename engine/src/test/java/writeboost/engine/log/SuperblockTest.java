package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.DeviceIdentity;
import writeboost.engine.device.Fault;
import writeboost.engine.device.Fault.Operation;
import writeboost.engine.device.FaultDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

class SuperblockTest {
    private static final long BYTES = Geometry.minCacheBytes(128);

    private final MemoryDevice device = new MemoryDevice("the cache", BYTES);
    private final Superblock written = superblock(Geometry.of(BYTES, 128), "a stable name", "äöü 日本");

    @BeforeEach
    void write() throws Exception {
        written.write(device);
    }

    private static Superblock superblock(Geometry geometry, String stableName, String serial) {
        return new Superblock(
                LogImage.CACHE,
                LogImage.PAIR,
                new DeviceIdentity("the cache", stableName, serial, BYTES),
                new DeviceIdentity("", "backing name", "", 1L << 45),
                4096,
                geometry,
                99);
    }

    private static void assertRefused(BlockDevice device, ErrorCode code, String... words) {
        assertThatThrownBy(() -> Superblock.read(device))
                .hasMessageContainingAll(words)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private void change(long at, int field, long value) throws IOException {
        ByteBuffer b = Blocks.allocate(1);
        device.read(at, b);
        b.putLong(field, value);
        b.putInt(12, new Crc().ofStructure(b, 0, Geometry.BLOCK_BYTES, 12));
        device.write(at, b.clear());
    }

    private void flip(long at, int index) throws IOException {
        ByteBuffer b = Blocks.allocate(1);
        device.read(at, b);
        b.put(index, (byte) (b.get(index) ^ 0x10));
        device.write(at, b.clear());
    }

    private static long second() {
        return Geometry.secondSuperblockByteOffset(BYTES);
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        assertThat(Superblock.read(device)).contains(written);
    }

    @Test
    void cache14EitherCopySuffices() throws Exception {
        for (int index = 0; index < 1700; index += 13) {
            for (long at : new long[] {0, second()}) {
                flip(at, index);
                assertThat(Superblock.read(device))
                        .as("byte %s of the copy at %s", index, at)
                        .contains(written);
                flip(at, index);
            }
        }
    }

    @Test
    void cache14BothDamagedIsDamageNotAnEmptyDevice() throws Exception {
        flip(0, 700);
        flip(second(), 900);
        assertRefused(device, ErrorCode.DAMAGED, "the cache", "both copies", "Nothing was changed");
    }

    @Test
    void oneDamagedAndOneGoneIsDamage() throws Exception {
        flip(0, 700);
        device.write(second(), Blocks.allocate(1));
        assertRefused(device, ErrorCode.DAMAGED, "the cache");
    }

    @Test
    void aDeviceWithoutAnyIsNoCache() throws Exception {
        assertThat(Superblock.read(new MemoryDevice("x", BYTES))).isEmpty();
        assertThat(Superblock.read(new MemoryDevice("x", 4096))).isEmpty();
        Superblock.erase(device);
        assertThat(Superblock.read(device)).isEmpty();
    }

    @Test
    void anotherVersionIsRefusedByItsNumber() throws Exception {
        for (long at : new long[] {0, second()}) {
            ByteBuffer b = Blocks.allocate(1);
            device.read(at, b);
            b.putInt(8, 2);
            b.putInt(12, new Crc().ofStructure(b, 0, Geometry.BLOCK_BYTES, 12));
            device.write(at, b.clear());
        }
        assertRefused(device, ErrorCode.NOT_A_CACHE, "version 2", "version 1");
    }

    @Test
    void cache16ADeviceThatGrewOrShrankIsRefused() throws Exception {
        for (long bytes : new long[] {BYTES + 4096, BYTES - 4096, 8192}) {
            MemoryDevice resized = new MemoryDevice("the cache", bytes);
            resized.write(0, written.encode());
            assertRefused(resized, ErrorCode.SIZE, Long.toString(bytes), Long.toString(BYTES));
        }
    }

    @Test
    void impossibleLayoutsWithARightChecksumAreRefused() throws Exception {
        long[][] layouts = {
            {7, 32},
            {129, 32},
            {0, 32},
            {-1, 32},
            {128, 0},
            {128, -1},
            {128, 33},
            {128, 1L << 32},
            {128, (1L << 32) + 32},
            {128, Long.MAX_VALUE},
            {128, 1 << 24},
            {16, 1 << 27}
        };
        for (long[] layout : layouts) {
            for (long at : new long[] {0, second()}) {
                change(at, 64, (layout[0] & 0xFFFFFFFFL) | 4096L << 32);
                change(at, 72, layout[1]);
            }
            assertThatThrownBy(() -> Superblock.read(device))
                    .as("%s blocks, %s segments", layout[0], layout[1])
                    .isInstanceOf(EngineException.class);
        }
    }

    @Test
    void aNameThatDoesNotFitIsStillToldFromOthers() throws Exception {
        String name = "/" + "ä".repeat(300);
        Superblock longNames = superblock(Geometry.of(BYTES, 128), name, "日".repeat(100));
        longNames.write(device);
        Superblock read = Superblock.read(device).orElseThrow();
        assertThat(read.cache().stableName()).matches("/ä{250}#[0-9a-f]{8}").isEqualTo(Superblock.storedName(name));
        assertThat(read.cache().serial()).matches("日{81}#[0-9a-f]{8}");
        assertThat(read.backing()).isEqualTo(written.backing());
        assertThat(Superblock.storedName(name)).isNotEqualTo(Superblock.storedName(name + "x"));
        assertThat(Superblock.storedName("ä".repeat(255))).isEqualTo("ä".repeat(255));
    }

    @Test
    void aLengthOfTextThatIsTooLargeReadsNothingFromBeyond() throws Exception {
        for (long at : new long[] {0, second()}) {
            change(at, 640, -1);
        }
        assertThat(Superblock.read(device).orElseThrow().cache().serial().length())
                .isLessThanOrEqualTo(254);
    }

    @Test
    void oneCopyThatCannotBeReadDoesNotMatter() throws Exception {
        for (long at : new long[] {0, second()}) {
            FaultDevice faulty = new FaultDevice(device, new QuickTasks());
            faulty.add(Fault.error(DeviceException.Kind.IO).on(Operation.READ).at(at, 4096));
            assertThat(Superblock.read(faulty)).isEqualTo(Optional.of(written));
        }
    }

    @Test
    void aCopyThatCannotBeReadIsNotTakenForAbsentOrDamaged() throws Exception {
        FaultDevice faulty = new FaultDevice(device, new QuickTasks());
        faulty.add(Fault.error(DeviceException.Kind.IO).on(Operation.READ).at(0, 4096));
        flip(second(), 700);
        assertThatThrownBy(() -> Superblock.read(faulty)).isInstanceOf(DeviceException.class);
        device.write(second(), Blocks.allocate(1));
        assertThatThrownBy(() -> Superblock.read(faulty)).isInstanceOf(DeviceException.class);
    }
}
