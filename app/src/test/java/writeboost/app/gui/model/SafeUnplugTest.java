package writeboost.app.gui.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import writeboost.app.control.ServiceFixture;
import writeboost.engine.cache.Progress;
import writeboost.engine.host.NbdDevices;

class SafeUnplugTest {
    @TempDir
    private Path folder;

    private final List<NbdDevices.Attached> disks = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private ServiceFixture fixture;

    @BeforeEach
    void setUp() throws IOException {
        fixture = new ServiceFixture(folder);
        fixture.serve("usb");
    }

    @AfterEach
    void tearDown() throws IOException {
        fixture.close();
    }

    @Test
    void whatIsMountedIsNamedWithTheCommandsThatEndIt() throws IOException {
        disks.add(new NbdDevices.Attached("/dev/nbd0", List.of("/mnt/photos")));

        Notice notice = unplug();

        assertThat(notice.kind()).isEqualTo(Notice.Kind.REFUSED);
        assertThat(notice.what()).isEqualTo("usb is not safe to unplug yet: it is mounted at /mnt/photos.");
        assertThat(notice.toDo()).contains("umount /mnt/photos").contains("nbd-client -d /dev/nbd0");
        assertThat(asked).containsExactly("/run/test.sock " + (8L << 30));
        assertThat(fixture.engine.calls()).doesNotContain("flush usb", "stop usb");
    }

    @Test
    void aDiskThatIsConnectedAndNotMountedIsNamed() throws IOException {
        disks.add(new NbdDevices.Attached("/dev/nbd3", List.of()));

        assertThat(unplug().sentence()).contains("it is connected as /dev/nbd3").contains("nbd-client -d /dev/nbd3");
    }

    @Test
    void aProgramOfWhichNothingIsKnownIsCounted() throws IOException {
        assertThat(unplug().sentence())
                .contains("1 connected program.")
                .contains("nbd+unix:///usb?socket=/run/test.sock");
    }

    @Test
    void withNobodyConnectedNoDiskIsLookedFor() throws IOException {
        fixture.engine.clients = 0;

        assertThat(unplug().kind()).isEqualTo(Notice.Kind.GOOD);
        assertThat(asked).isEmpty();
    }

    private Notice unplug() throws IOException {
        SafeUnplug.Attachments attachments = (socket, sizeBytes) -> {
            asked.add(socket + " " + sizeBytes);
            return disks;
        };
        return new SafeUnplug(fixture.client, attachments, () -> {}).run("usb", Progress.NONE);
    }
}
