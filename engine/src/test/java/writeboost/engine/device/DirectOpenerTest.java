package writeboost.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/** What opening makes of file systems that we have none of here: the kernel's answers are told. */
class DirectOpenerTest {
    private static final int FD = 77;

    @TempDir
    Path folder;

    private final ScriptedKernel kernel = new ScriptedKernel();
    private final List<String> notes = new ArrayList<>();
    private Path file;

    @BeforeEach
    void makeFile() throws IOException {
        file = Files.write(folder.resolve("disk"), new byte[65536]);
    }

    @Test
    void unitsOf512BytesAreUsedWhereTheyWork() throws IOException {
        kernel.answer(FD, 0, 512);
        DirectDevice device = open(DeviceOptions.exclusive());
        assertThat(device.sectorBytes()).isEqualTo(512);
        assertThat(device.isDirect()).isTrue();
        assertThat(kernel.calls()).containsExactly("open direct", "lock", "pread 512+512");
        assertThat(notes).isEmpty();
    }

    @Test
    void unitsOf4096BytesAreUsedWhereSmallerOnesDoNotWork() throws IOException {
        kernel.answer(FD, 0, -Errno.EINVAL, 4096);
        DirectDevice device = open(DeviceOptions.exclusive());
        assertThat(device.sectorBytes()).isEqualTo(4096);
        assertThat(device.isDirect()).isTrue();
    }

    @Test
    void aFileThatEndsWithinAnUnitOf4096BytesIsBufferedInstead() throws IOException {
        Files.write(file, new byte[65536 + 512]);
        kernel.answer(FD, 0, -Errno.EINVAL, 0);
        DirectDevice device = open(DeviceOptions.exclusive());
        assertThat(device.sizeBytes()).isEqualTo(65536 + 512);
        assertThat(device.sectorBytes()).isEqualTo(512);
        assertThat(device.isDirect()).isFalse();
        assertThat(kernel.calls()).endsWith("clearFlags");
        assertThat(notes).singleElement().asString().contains("page cache");
    }

    @Test
    void aFileSystemThatRefusesTheFlagIsBuffered() throws IOException {
        kernel.answer(-Errno.EINVAL, FD, 0);
        assertThat(open(DeviceOptions.exclusive()).isDirect()).isFalse();
        assertThat(kernel.calls()).containsExactly("open direct", "open", "lock");
    }

    @Test
    void aFileSystemWithoutLocksIsUsedButThatIsSaid() throws IOException {
        kernel.answer(FD, -37, 512);
        open(DeviceOptions.exclusive());
        assertThat(notes).singleElement().asString().contains("cannot be locked", "words of errno 37");
    }

    @Test
    void aRefusalClosesTheDescriptor() {
        kernel.answer(FD, -Errno.EAGAIN);
        refuses(ErrorCode.IN_USE);
        assertThat(kernel.calls()).endsWith("close 77");
    }

    @ParameterizedTest
    @CsvSource({
        "2, NOT_FOUND",
        "6, NOT_FOUND",
        "123, NOT_FOUND",
        "16, IN_USE",
        "26, IN_USE",
        "30, READ_ONLY",
        "13, READ_ONLY",
        "1, READ_ONLY",
        "5, IO",
        "12, IO"
    })
    void theKernelsRefusalsAreToldByCode(int errno, ErrorCode code) {
        kernel.answer(-errno);
        refuses(code);
    }

    private void refuses(ErrorCode code) {
        assertThatThrownBy(() -> open(DeviceOptions.exclusive()))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(file.toString());
    }

    private DirectDevice open(DeviceOptions options) throws IOException {
        return new DirectOpener(kernel, FileTarget.of(file), options.telling(notes::add)).open();
    }
}
