package writeboost.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import writeboost.app.demo.DemoClient;

/** The program as processes of the machine: signals, exit codes, two at once, death and return. */
@Timeout(180)
class ProcessTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    private ProgramProcesses processes;
    private Path runtime;

    @BeforeEach
    void setUp() throws Exception {
        processes = new ProgramProcesses(folder);
        runtime = processes.runtime();
        try (FileChannel disk =
                FileChannel.open(folder.resolve("disk"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            disk.write(ByteBuffer.allocate(1), 64 * MIB - 1);
        }
        assertThat(run("create", "usb", "--backing", path("disk"), "--cache", path("cache"), "--cache-size", "32M"))
                .as(this::everythingSaid)
                .isZero();
    }

    @AfterEach
    void tearDown() throws IOException {
        processes.close();
    }

    @Test
    void sigtermStopsCleanlyWithZeroAndLeavesNoSocket() throws Exception {
        Process process = serve();

        process.destroy();

        assertThat(exitCode(process)).as(this::everythingSaid).isZero();
        assertThat(runtime.resolve("usb.sock")).doesNotExist();
        assertThat(runtime.resolve("usb.ctl")).doesNotExist();
    }

    @Test
    void stopFromAnotherProcessEndsTheServingOne() throws Exception {
        Process process = serve();

        assertThat(run("stop", "usb")).as(this::everythingSaid).isZero();
        assertThat(exitCode(process)).isZero();
        assertThat(run("stop", "usb")).isEqualTo(1);
    }

    @Test
    void process4ASecondProcessIsRefusedAndTheFirstGoesOn() throws Exception {
        serve();

        assertThat(run("serve", "usb")).isEqualTo(1);
        assertThat(everythingSaid()).contains("served already, by another process");
        assertThat(run("create", "other", "--backing", path("disk"), "--cache", path("second"), "--cache-size", "32M"))
                .isEqualTo(1);
        assertThat(everythingSaid()).contains("in use");
        assertThat(folder.resolve("second")).doesNotExist();
        assertThat(run("status", "usb")).isZero();
    }

    @Test
    void process3WhatWasFlushedSurvivesAKillAndIsFoundByTheNextProcess() throws Exception {
        Process process = serve();
        ByteBuffer written = ByteBuffer.allocateDirect(4096).putLong(0, 4711).putLong(4088, 42);
        try (DemoClient client = new DemoClient(runtime.resolve("usb.sock"), "usb")) {
            client.write(MIB, written.duplicate());
            client.flush();
            process.destroyForcibly().waitFor();
        }
        assertThat(run("stop", "usb")).as("nobody serves it now").isEqualTo(1);

        serve();
        ByteBuffer read = ByteBuffer.allocateDirect(4096);
        try (DemoClient client = new DemoClient(runtime.resolve("usb.sock"), "usb")) {
            client.read(MIB, read);
        }
        assertThat(read.flip()).isEqualTo(written);

        assertThat(run("flush", "usb")).as(this::everythingSaid).isZero();
        assertThat(inTheDiskFile(MIB)).isEqualTo(written);
    }

    @Test
    void flushOfAPairThatNobodyServesBringsItsDataToTheDisk() throws Exception {
        Process process = serve();
        ByteBuffer written = ByteBuffer.allocateDirect(4096).putLong(8, 1234);
        try (DemoClient client = new DemoClient(runtime.resolve("usb.sock"), "usb")) {
            client.write(5 * MIB, written.duplicate());
            client.flush();
        }
        process.destroyForcibly().waitFor();

        assertThat(run("flush", "usb")).as(this::everythingSaid).isZero();
        assertThat(inTheDiskFile(5 * MIB)).isEqualTo(written);
    }

    @Test
    void theDemoFindsItsDataSoundAndLeavesNothing() throws Exception {
        assertThat(run("demo", "--headless", "--seconds", "5"))
                .as(this::everythingSaid)
                .isZero();
        assertThat(everythingSaid())
                .contains("nbd+unix:///demo?socket=")
                .containsPattern("With the cache: \\d+ times faster")
                .contains("as they were written, through the cache")
                .contains("as they were written, on the disk alone");
        processes.assertNoDemoIsLeft();
    }

    @Test
    void anInterruptedDemoLeavesNothing() throws Exception {
        Process process = start("demo", "--headless", "--seconds", "60");
        await().atMost(Duration.ofSeconds(60)).until(() -> everythingSaid().contains("writes"));

        process.destroy();

        assertThat(exitCode(process)).as(this::everythingSaid).isEqualTo(1);
        processes.assertNoDemoIsLeft();
    }

    private Process serve() throws IOException {
        processes.forget();
        Process process = start("serve", "usb");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> everythingSaid().contains("nbd+unix:///usb") || !process.isAlive());
        assertThat(process.isAlive()).as(this::everythingSaid).isTrue();
        return process;
    }

    private int run(String... arguments) throws Exception {
        return exitCode(start(arguments));
    }

    private int exitCode(Process process) throws InterruptedException {
        return processes.exitCode(process);
    }

    private Process start(String... arguments) throws IOException {
        return processes.start(List.of(), arguments);
    }

    private String everythingSaid() {
        return processes.said();
    }

    private ByteBuffer inTheDiskFile(long offset) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(4096);
        try (FileChannel disk = FileChannel.open(folder.resolve("disk"), StandardOpenOption.READ)) {
            disk.read(block, offset);
        }
        return block.flip();
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }
}
