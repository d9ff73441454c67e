package writeboost.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolsTest {
    @TempDir
    private Path folder;

    @Test
    void aProgramOnThePathIsFound() throws IOException {
        Path program = Files.createFile(folder.resolve("no-such-server"));
        assertThat(program.toFile().setExecutable(true)).isTrue();

        assertThat(new Tools(folder + ":relative").find("no-such-server")).contains(program);
        assertThat(new Tools(folder.toString()).missing(List.of("no-such-server")))
                .isEmpty();
    }

    @Test
    void aFileThatMayNotBeRunIsNoProgram() throws IOException {
        Files.createFile(folder.resolve("no-such-server"));

        assertThat(new Tools(folder.toString()).find("no-such-server")).isEmpty();
    }

    @Test
    void whatIsMissingIsNamedWithThePackagesThatHaveIt() {
        Tools none = new Tools("");

        assertThat(none.missing(List.of("fio", "qemu-nbd", "fio")))
                .contains("fio, qemu-nbd are not installed: apt install fio qemu-utils");
        assertThat(none.missing(List.of("nbdkit"))).contains("nbdkit is not installed: apt install nbdkit");
        assertThat(none.missing(List.of())).isEmpty();
    }
}
