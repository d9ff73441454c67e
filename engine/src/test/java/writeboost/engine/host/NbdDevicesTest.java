package writeboost.engine.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against folders that look as the kernel's do. */
class NbdDevicesTest {
    private static final String SOCKET = "/run/user/1000/writeboost/usb.sock";
    private static final long SIZE = 64 << 20;

    @TempDir
    private Path folder;

    private NbdDevices devices;

    @BeforeEach
    void setUp() throws IOException {
        devices = new NbdDevices(folder.resolve("proc"), folder.resolve("sys"));
        file("proc/self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
        file("sys/block/sda/size", Long.toString(SIZE / 512));
        disk("nbd0", "43:0", SIZE, "");
    }

    @Test
    void aDiskWhoseClientNamesTheSocketIsOfThatExport() throws IOException {
        disk("nbd1", "43:16", SIZE, "4711");
        client("4711", "nbd-client", "-unix", SOCKET, "/dev/nbd1", "-N", "usb");
        mount("43:16", "/mnt/usb\\040disk");

        assertThat(devices.of(SOCKET, SIZE))
                .containsExactly(new NbdDevices.Attached("/dev/nbd1", java.util.List.of("/mnt/usb disk")));
    }

    @Test
    void aSocketMayHaveBeenNamedFromAFolder() throws IOException {
        disk("nbd1", "43:16", SIZE, "4711");
        client("4711", "nbd-client", "-unix", "writeboost/usb.sock", "/dev/nbd1");

        assertThat(devices.of(SOCKET, SIZE)).hasSize(1);
    }

    @Test
    void aDiskOfAnotherSocketIsNotEvenOfTheSameSize() throws IOException {
        disk("nbd1", "43:16", SIZE, "4711");
        client("4711", "nbd-client", "-unix", "/run/other.sock", "/dev/nbd1");

        assertThat(devices.of(SOCKET, SIZE)).isEmpty();
    }

    @Test
    void whereTheClientHasEndedTheSizeDecides() throws IOException {
        disk("nbd1", "43:16", SIZE, "4711");
        disk("nbd2", "43:32", 2 * SIZE, "4712");

        assertThat(devices.of(SOCKET, SIZE))
                .extracting(NbdDevices.Attached::path)
                .containsExactly("/dev/nbd1");
    }

    @Test
    void partitionsThatAreMountedCountAndAllPlacesAreNamed() throws IOException {
        disk("nbd1", "43:16", SIZE, "4711");
        client("4711", "nbd-client", "-unix", SOCKET, "/dev/nbd1");
        file("sys/block/nbd1/nbd1p1/partition", "1\n");
        file("sys/block/nbd1/nbd1p1/dev", "259:0\n");
        mount("259:0", "/media/one");
        mount("43:16", "/media/two");

        assertThat(devices.of(SOCKET, SIZE).get(0).mountPoints()).containsExactly("/media/one", "/media/two");
    }

    @Test
    void aDiskThatIsNotMountedHasNoPlaces() throws IOException {
        disk("nbd1", "43:16", SIZE, "4711");

        assertThat(devices.of(SOCKET, SIZE).get(0).mountPoints()).isEmpty();
    }

    @Test
    void withoutProcAndSysNothingIsKnown() {
        assertThat(new NbdDevices(folder.resolve("none"), folder.resolve("none")).of(SOCKET, SIZE))
                .isEmpty();
    }

    /** A disk that is in use has the number of the process that connected it. */
    private void disk(String name, String numbers, long bytes, String pid) throws IOException {
        file("sys/block/" + name + "/dev", numbers + "\n");
        file("sys/block/" + name + "/size", bytes / 512 + "\n");
        if (!pid.isEmpty()) {
            file("sys/block/" + name + "/pid", pid + "\n");
        }
    }

    private void client(String pid, String... words) throws IOException {
        file("proc/" + pid + "/cmdline", String.join("\0", words) + "\0");
    }

    private void mount(String numbers, String place) throws IOException {
        Path file = folder.resolve("proc/self/mountinfo");
        Files.writeString(file, Files.readString(file) + "40 22 " + numbers + " / " + place + " rw - ext4 /dev/x rw\n");
    }

    private void file(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
