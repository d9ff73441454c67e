package writeboost.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import writeboost.engine.device.DeviceOptions.Backend;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

class DevicesTest {
    private static final DeviceOptions EXCLUSIVE = DeviceOptions.exclusive();

    @TempDir
    Path folder;

    private final VirtualTasks tasks = new VirtualTasks();

    @Test
    void cache8AFileIsMadeWithAllItsRoomReservedAndForItsOwnerOnly() throws IOException {
        Path file = folder.resolve("new");
        try (BlockDevice device = open(file.toString(), EXCLUSIVE.creating(3 << 20))) {
            assertThat(device.sizeBytes()).isEqualTo(3 << 20);
        }
        assertThat(Files.size(file)).isEqualTo(3 << 20);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        long blocks =
                Long.parseLong(Loop.run("stat", "--format=%b", file.toString()).output());
        assertThat(blocks * 512).isGreaterThanOrEqualTo(3 << 20);
    }

    @Test
    void aFileThatExistsIsOpenedAsItIsIfItHasTheSizeAskedFor() throws IOException {
        Path file = file("there", 8192);
        Files.write(file, BlockDeviceContract.random(1, 8192));
        try (BlockDevice device = open(file.toString(), EXCLUSIVE.creating(8192))) {
            ByteBuffer back = ByteBuffer.allocate(8192);
            device.read(0, back);
            assertThat(back.array()).isEqualTo(BlockDeviceContract.random(1, 8192));
        }
        refuses(ErrorCode.SIZE, () -> open(file.toString(), EXCLUSIVE.creating(16384)), "16 KiB", "8 KiB");
        assertThat(file).hasBinaryContent(BlockDeviceContract.random(1, 8192));
    }

    @Test
    void whatDoesNotExistIsNotMadeUnasked() {
        String path = folder.resolve("missing").toString();
        refuses(ErrorCode.NOT_FOUND, () -> open(path, EXCLUSIVE), path, "no such file", "check");
        refuses(ErrorCode.NOT_FOUND, () -> open(path, DeviceOptions.inspect().creating(4096)), path);
        refuses(ErrorCode.NOT_FOUND, () -> open(path + "/in/it", EXCLUSIVE.creating(4096)), path, "folder");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatIsNoFileAndNoDiskIsRefused() throws IOException {
        refuses(ErrorCode.USAGE, () -> open(folder.toString(), EXCLUSIVE), "folder", "block device");
        refuses(ErrorCode.USAGE, () -> open("/dev/null", EXCLUSIVE), "neither");
        refuses(ErrorCode.USAGE, () -> open("", EXCLUSIVE), "no path");
        refuses(ErrorCode.USAGE, () -> open("hdd:", EXCLUSIVE), "no path");
        refuses(ErrorCode.USAGE, () -> open("a\0b", EXCLUSIVE), "not a path");
        Path loop = Files.createSymbolicLink(folder.resolve("circle"), folder.resolve("circle"));
        refuses(ErrorCode.NOT_FOUND, () -> open(loop.toString(), EXCLUSIVE), "circle");
        Path pipe = folder.resolve("pipe");
        Loop.mustRun("mkfifo", pipe.toString());
        refuses(ErrorCode.USAGE, () -> open(pipe.toString(), EXCLUSIVE), "neither");
    }

    @Test
    void backing8AFileThatNobodyMayWriteIsRefusedButMayBeInspected() throws IOException {
        Path file = file("read-only", 8192);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        refuses(ErrorCode.READ_ONLY, () -> open(file.toString(), EXCLUSIVE), "read-only", "nothing was changed");
        open(file.toString(), DeviceOptions.inspect()).close();
    }

    @Test
    void aFileOfLessThanASectorIsRefused() throws IOException {
        Path empty = file("empty", 0);
        Path tiny = file("tiny", 511);
        refuses(ErrorCode.SIZE, () -> open(empty.toString(), EXCLUSIVE), "0 bytes");
        refuses(ErrorCode.SIZE, () -> open(tiny.toString(), EXCLUSIVE), "511 bytes");
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aSizeIsRoundedDownToWholeSectorsAndThatIsSaid(Backend backend) throws IOException {
        Path file = file("odd", 8192 + 1000);
        List<String> notes = new ArrayList<>();
        try (BlockDevice device =
                open(file.toString(), EXCLUSIVE.through(backend).telling(notes::add))) {
            assertThat(device.sizeBytes()).isEqualTo(8192 + 512);
            device.write(8192, ByteBuffer.wrap(BlockDeviceContract.random(1, 512)));
        }
        assertThat(String.join("\n", notes)).contains("9192").contains("8704");
        assertThat(Files.size(file)).isEqualTo(9192);
    }

    @Test
    void memoryIsHadBySize() throws IOException {
        try (BlockDevice device = open("mem:64G", EXCLUSIVE)) {
            assertThat(device).isInstanceOf(MemoryDevice.class);
            assertThat(device.sizeBytes()).isEqualTo(64L << 30);
            assertThat(device.name()).isEqualTo("mem:64G");
        }
        refuses(ErrorCode.USAGE, () -> open("mem:much", EXCLUSIVE), "'much'");
        refuses(ErrorCode.SIZE, () -> open("mem:0", EXCLUSIVE), "512");
        refuses(ErrorCode.SIZE, () -> open("mem:4096P", EXCLUSIVE), "size");
    }

    @Test
    void aModelledDiskIsHadByPrefixAndInspectedWithoutItsSlowness() throws IOException {
        Path file = file("disk", 8192);
        try (BlockDevice device = open("hdd:" + file, EXCLUSIVE);
                BlockDevice inspector = open("hdd:" + file, DeviceOptions.inspect())) {
            assertThat(device).isInstanceOf(SpinningDevice.class);
            assertThat(inspector).isInstanceOf(DirectDevice.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void process4ASecondOpeningIsRefusedUntilTheFirstIsClosed(Backend first) throws IOException {
        Path file = file("disk", 8192);
        Path link = Files.createSymbolicLink(folder.resolve("symbolic"), file);
        Path hard = Files.createLink(folder.resolve("hard"), file);
        BlockDevice owner = open(file.toString(), EXCLUSIVE.through(first));
        try (owner) {
            assertThat(Devices.isInUse(file)).isTrue();
            for (Path alias : List.of(file, link, hard)) {
                refuses(ErrorCode.IN_USE, () -> open(alias.toString(), EXCLUSIVE), alias.toString(), "in use", "stop");
                refuses(
                        ErrorCode.IN_USE,
                        () -> open(alias.toString(), EXCLUSIVE.through(Backend.NIO)),
                        alias.toString(),
                        "in use");
            }
            open(link.toString(), DeviceOptions.inspect()).close();
            owner.write(0, ByteBuffer.allocate(4096));
        }
        assertThat(Devices.isInUse(file)).isFalse();
        open(hard.toString(), EXCLUSIVE).close();
    }

    @Test
    void process4AnOpeningByAnotherProcessIsRefusedUntilThatEnds() throws Exception {
        Path file = file("disk", 8192);
        Process other = new ProcessBuilder(
                        Paths.get(System.getProperty("java.home"), "bin", "java")
                                .toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(output.readLine()).isEqualTo("open");
            assertThat(Devices.isInUse(file)).isTrue();
            refuses(ErrorCode.IN_USE, () -> open(file.toString(), EXCLUSIVE), "in use");
            open(file.toString(), DeviceOptions.inspect()).close();
        } finally {
            other.destroyForcibly().waitFor();
        }
        open(file.toString(), EXCLUSIVE).close();
    }

    /** The other process: opens, says so, and waits to be killed. */
    static final class Holder {
        public static void main(String[] arguments) throws IOException {
            BlockDevice device = Devices.open(arguments[0], DeviceOptions.exclusive(), new VirtualTasks());
            System.out.println("open");
            if (System.in.read() < 0) {
                device.close();
            }
        }
    }

    @Test
    void theSameFileUnderAnyNameIsRefusedAsAPair() throws IOException {
        Path file = file("disk", 8192);
        Path other = file("other", 8192);
        Path link = Files.createSymbolicLink(folder.resolve("symbolic"), file);
        Path hard = Files.createLink(folder.resolve("hard"), file);
        Files.createDirectory(folder.resolve("x"));
        for (Path name : List.of(file, link, hard, folder.resolve("x/../disk"))) {
            refuses(
                    ErrorCode.USAGE,
                    () -> Devices.checkDistinct("hdd:" + file, name.toString()),
                    file.toString(),
                    name.toString(),
                    "same");
        }
        Devices.checkDistinct(file.toString(), other.toString());
        Devices.checkDistinct(file.toString(), "mem:1M");
        Devices.checkDistinct("mem:1M", "mem:1M");
        Devices.checkDistinct(file.toString(), folder.resolve("missing").toString());
        String missing = folder.resolve("missing").toString();
        refuses(ErrorCode.USAGE, () -> Devices.checkDistinct(missing, folder + "/./missing"), "same");
        Path alias = Files.createSymbolicLink(folder.resolve("alias"), folder);
        refuses(ErrorCode.USAGE, () -> Devices.checkDistinct(missing, alias + "/missing"), "same");
    }

    @Test
    void aFileThatCannotFitIsNotBegun() {
        Path file = folder.resolve("huge");
        refuses(
                ErrorCode.NO_SPACE,
                () -> open(file.toString(), EXCLUSIVE.creating(1L << 55)),
                "huge",
                "32 PiB",
                "are free there");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFileWhoseRoomRunsOutHalfWayIsRemovedAgain() {
        Path file = folder.resolve("half");
        FileMaker.Allocator runsOut = (path, channel, sizeBytes) -> {
            channel.write(ByteBuffer.allocate(4096), 0);
            throw new DeviceException(DeviceException.Kind.NO_SPACE, "no space left", null);
        };
        refuses(ErrorCode.NO_SPACE, () -> FileMaker.make(file, 8192, runsOut), "half", "8 KiB", "free some space");
        FileMaker.Allocator breaks = (path, channel, sizeBytes) -> {
            throw new UncheckedIOException(new IOException("broken"));
        };
        assertThatThrownBy(() -> FileMaker.make(file, 8192, breaks)).isInstanceOf(UncheckedIOException.class);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFileMadeInVainIsRemovedButNeverOneThatWasThere() throws IOException {
        refuses(ErrorCode.SIZE, () -> open(folder.resolve("tiny").toString(), EXCLUSIVE.creating(100)), "100 bytes");
        assertThat(folder).isEmptyDirectory();
        Path there = file("there", 100);
        refuses(ErrorCode.SIZE, () -> open(there.toString(), EXCLUSIVE.creating(100)), "100 bytes");
        assertThat(there).exists();
    }

    @Test
    @Tag("root")
    void cache8OnAFullFileSystemNothingIsLeftBehindAndSparseFilesFailWithNoSpace() throws IOException {
        Loop.requireRoot();
        Path mount = Files.createDirectory(folder.resolve("small"));
        Loop.mustRun("mount", "-t", "tmpfs", "-o", "size=4m", "none", mount.toString());
        try {
            refuses(
                    ErrorCode.NO_SPACE,
                    () -> open(mount.resolve("disk").toString(), EXCLUSIVE.creating(8 << 20)),
                    "8 MiB",
                    "4 MiB are free");
            assertThat(mount).isEmptyDirectory();
            Path sparse = mount.resolve("sparse");
            try (FileChannel channel = FileChannel.open(sparse, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(1), (8 << 20) - 1);
            }
            for (Backend backend : Backend.values()) {
                try (BlockDevice device = open(sparse.toString(), EXCLUSIVE.through(backend))) {
                    assertThatThrownBy(() -> device.write(0, ByteBuffer.allocate(6 << 20)))
                            .isInstanceOfSatisfying(
                                    DeviceException.class,
                                    e -> assertThat(e.kind()).isEqualTo(DeviceException.Kind.NO_SPACE))
                            .hasMessageContaining("sparse");
                }
            }
        } finally {
            Loop.mustRun("umount", mount.toString());
        }
    }

    @Test
    @Tag("root")
    void aReadOnlyFileSystemIsSaidToBeOne() throws IOException {
        Loop.requireRoot();
        Path mount = Files.createDirectory(folder.resolve("ro"));
        Loop.mustRun("mount", "-t", "tmpfs", "-o", "size=4m", "none", mount.toString());
        try {
            Files.write(mount.resolve("disk"), new byte[8192]);
            Loop.mustRun("mount", "-o", "remount,ro", mount.toString());
            for (Backend backend : Backend.values()) {
                refuses(
                        ErrorCode.READ_ONLY,
                        () -> open(mount.resolve("disk").toString(), EXCLUSIVE.through(backend)),
                        "read-only");
            }
            refuses(
                    ErrorCode.READ_ONLY,
                    () -> open(mount.resolve("new").toString(), EXCLUSIVE.creating(4096)),
                    "new",
                    "give a place");
        } finally {
            Loop.mustRun("umount", mount.toString());
        }
    }

    @Test
    @Tag("root")
    void process4ADiskIsOpenedOnceUnderAnyNameAndNotWhileItIsMounted() throws IOException {
        Path image = file("image", 8 << 20);
        try (Loop loop = Loop.attach(image, 512)) {
            String disk = loop.node().toString();
            Path link = Files.createSymbolicLink(folder.resolve("link"), loop.node());
            try (BlockDevice device = open(disk, EXCLUSIVE)) {
                assertThat(device.identity().stableName()).isEqualTo(disk);
                refuses(ErrorCode.IN_USE, () -> open(link.toString(), EXCLUSIVE), "in use");
                refuses(ErrorCode.IN_USE, () -> open(disk, EXCLUSIVE.through(Backend.NIO)), "in use");
                refuses(ErrorCode.USAGE, () -> Devices.checkDistinct(disk, link.toString()), "same");
                open(disk, DeviceOptions.inspect()).close();
            }
            refuses(ErrorCode.IN_USE, () -> open(image.toString(), EXCLUSIVE), "losetup -d " + disk);
            refuses(ErrorCode.SIZE, () -> open(disk, EXCLUSIVE.creating(4096)), "8 MiB");
            Path mount = Files.createDirectory(folder.resolve("mounted here"));
            Loop.mustRun("mkfs.ext4", "-q", disk);
            Loop.mustRun("mount", disk, mount.toString());
            try {
                for (Backend backend : Backend.values()) {
                    refuses(ErrorCode.IN_USE, () -> open(disk, EXCLUSIVE.through(backend)), "umount " + mount);
                }
                open(disk, DeviceOptions.inspect()).close();
            } finally {
                Loop.mustRun("umount", mount.toString());
            }
        }
    }

    @Test
    @Tag("root")
    void backing8AWriteProtectedDiskIsRefusedButMayBeInspected() throws IOException {
        try (Loop loop = Loop.attach(file("image", 1 << 20), 512, "--read-only")) {
            refuses(ErrorCode.READ_ONLY, () -> open(loop.node().toString(), EXCLUSIVE), "write-protected");
            open(loop.node().toString(), DeviceOptions.inspect()).close();
        }
    }

    @Test
    @Tag("root")
    void aDiscardedLoopDeviceGivesRoomBack() throws IOException {
        Path image = file("image", 0);
        Files.write(image, BlockDeviceContract.random(1, 4 << 20));
        try (Loop loop = Loop.attach(image, 512);
                BlockDevice device = open(loop.node().toString(), EXCLUSIVE)) {
            assertThat(device.canDiscard()).isTrue();
            device.discard(0, 4 << 20);
            device.sync();
            long blocks = Long.parseLong(
                    Loop.run("stat", "--format=%b", image.toString()).output());
            assertThat(blocks).isLessThanOrEqualTo(16);
        }
    }

    private BlockDevice open(String spec, DeviceOptions options) throws IOException {
        return Devices.open(spec, options, tasks);
    }

    private Path file(String name, int sizeBytes) throws IOException {
        return Files.write(folder.resolve(name), new byte[sizeBytes]);
    }

    private static void refuses(ErrorCode code, ThrowingCallable operation, String... words) {
        assertThatThrownBy(operation)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(words);
    }
}
