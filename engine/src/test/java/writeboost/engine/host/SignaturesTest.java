package writeboost.engine.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignaturesTest {
    @TempDir
    private Path folder;

    @Test
    void zerosAreNothing() {
        assertThat(Signatures.recognise(ByteBuffer.allocate(Signatures.HEAD_BYTES)))
                .isEmpty();
    }

    @Test
    void aDeviceShorterThanAMarkIsNotReadBeyondItsEnd() {
        assertThat(Signatures.recognise(ByteBuffer.allocate(3))).isEmpty();
        assertThat(Signatures.recognise(ByteBuffer.allocate(0))).isEmpty();
    }

    @Test
    void marksCountFromTheBuffersPosition() {
        ByteBuffer head = ByteBuffer.allocate(8192);
        head.put(100 + 0, (byte) 'X').put(101, (byte) 'F').put(102, (byte) 'S').put(103, (byte) 'B');

        assertThat(Signatures.recognise(head)).isEmpty();
        assertThat(Signatures.recognise(head.position(100))).contains("an XFS file system");
        assertThat(head.position()).isEqualTo(100);
    }

    @Test
    void aRealExtFileSystemIsRecognised() throws Exception {
        Path image = image(8 << 20);
        run("mkfs.ext4", "-q", image.toString());

        assertThat(Signatures.recognise(headOf(image))).contains("an ext2, ext3 or ext4 file system");
    }

    @Test
    void realSwapSpaceIsRecognised() throws Exception {
        Path image = image(8 << 20);
        run("mkswap", image.toString());

        assertThat(Signatures.recognise(headOf(image))).contains("swap space");
    }

    @Test
    void aBootSectorOfAFileSystemIsNotTakenForAPartitionTable() {
        ByteBuffer head = ByteBuffer.allocate(4096);
        head.position(3).put("NTFS    ".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        head.put(510, (byte) 0x55).put(511, (byte) 0xaa).position(0);

        assertThat(Signatures.recognise(head)).contains("an NTFS file system");
        assertThat(Signatures.recognise(head.put(3, (byte) 0))).contains("a partition table or boot sector");
    }

    private Path image(int bytes) throws IOException {
        return Files.write(folder.resolve("image"), new byte[bytes]);
    }

    private static void run(String program, String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = "/usr/sbin/" + program;
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).as(program).isZero();
    }

    private static ByteBuffer headOf(Path image) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(Signatures.HEAD_BYTES);
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
            channel.read(head);
        }
        return head.flip();
    }
}
