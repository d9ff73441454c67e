package writeboost.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceIdentitiesTest {
    @TempDir
    Path folder;

    @Test
    void aFileIsKnownByItsRealPath() throws IOException {
        Path file = Files.write(folder.resolve("disk"), new byte[512]);
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        DeviceIdentity identity = DeviceIdentities.of(FileTarget.of(link), 512);
        assertThat(identity)
                .isEqualTo(new DeviceIdentity(link.toString(), file.toRealPath().toString(), "", 512));
    }

    @Test
    @Tag("root")
    void aDiskIsKnownByTheNameThatTellsMostAndTheSerialNumberOfUdev() throws IOException {
        Path image = Files.write(folder.resolve("image"), new byte[1 << 20]);
        Path byId = Files.createDirectory(folder.resolve("by-id"));
        Path udev = Files.createDirectory(folder.resolve("udev"));
        try (Loop loop = Loop.attach(image, 512)) {
            FileTarget target = FileTarget.of(loop.node());
            DeviceIdentities identities = new DeviceIdentities(byId, udev);
            assertThat(identities.find(target, 1).stableName())
                    .isEqualTo(loop.node().toString());
            Files.createSymbolicLink(byId.resolve("a-dangling-one"), folder.resolve("nothing"));
            Files.createSymbolicLink(byId.resolve("wwn-0x5000c500a1b2c3d4"), loop.node());
            Files.createSymbolicLink(byId.resolve("usb-WD_Elements_575834-0:0"), loop.node());
            Files.createSymbolicLink(byId.resolve("ata-another"), image);
            Files.writeString(
                    udev.resolve("b" + target.majorMinor()),
                    "S:disk/x\nE:ID_SERIAL=WD_575834\nE:ID_SERIAL_SHORT=575834\n");
            assertThat(identities.find(target, 1 << 20))
                    .isEqualTo(new DeviceIdentity(
                            loop.node().toString(),
                            byId.resolve("usb-WD_Elements_575834-0:0").toString(),
                            "575834",
                            1 << 20));
        }
    }

    @Test
    void numbersOfDevicesAreTakenApartAsTheKernelDoes() throws IOException {
        FileTarget file = FileTarget.of(folder);
        assertThat(numbered(file, 0x0810).majorMinor()).isEqualTo("8:16");
        assertThat(numbered(file, 0x10301L).majorMinor()).isEqualTo("259:1");
        assertThat(numbered(file, 0x30fde8L).majorMinor()).isEqualTo("253:1000");
        assertThat(numbered(file, 0x1000fff004ffL).majorMinor()).isEqualTo("4100:1048575");
    }

    private static FileTarget numbered(FileTarget file, long specialDevice) {
        return new FileTarget(file.path(), file.realPath(), file.mode(), file.device(), file.inode(), specialDevice);
    }
}
