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

/** Lists of places, read by a kernel that answers as told. */
class AsyncReadsTest {
    private static final int BLOCK = 4096;

    @TempDir
    Path folder;

    private final ScriptedKernel kernel = new ScriptedKernel();
    private final List<String> calls = kernel.calls();
    private final ReadList list = new ReadList();
    private Path file;
    private DirectDevice device;

    @BeforeEach
    void open() throws IOException {
        file = folder.resolve("disk");
        Files.write(file, new byte[64 * BLOCK]);
        device = kernel.device(file, 64 * BLOCK, 512);
    }

    private void places(int count) {
        list.start(BounceBuffers.allocate(64 * BLOCK));
        for (int i = 0; i < count; i++) {
            list.add((long) i * BLOCK, i * BLOCK, BLOCK);
        }
    }

    private List<Integer> unread() {
        List<Integer> unread = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (!list.isRead(i)) {
                unread.add(i);
            }
        }
        return unread;
    }

    @Test
    void aListIsOneCallToBeginAndOneToWait() throws IOException {
        kernel.answer(0, 3, 2);
        kernel.end(2, BLOCK, 0, BLOCK, 1, BLOCK); // in any order
        places(3);
        device.readAll(list);
        assertThat(calls).containsExactly("io_setup 256", "io_submit 3", "io_getevents 3");
        assertThat(unread()).isEmpty();
        calls.clear();
        places(2);
        kernel.end(0, BLOCK, 1, BLOCK);
        device.readAll(list);
        assertThat(calls).as("the context is kept").containsExactly("io_submit 2", "io_getevents 2");
    }

    @Test
    void aSinglePlaceIsReadAtOnce() throws IOException {
        kernel.answer(BLOCK);
        places(1);
        device.readAll(list);
        assertThat(calls).containsExactly("pread 0+4096");
        assertThat(unread()).isEmpty();
    }

    @Test
    void whatEndsInPartsAndWaitsThatAreInterruptedAreContinued() throws IOException {
        kernel.answer(0, 3);
        kernel.end(-Errno.EINTR);
        kernel.end(1, BLOCK);
        kernel.end(0, BLOCK, 2, BLOCK);
        places(3);
        device.readAll(list);
        assertThat(calls).endsWith("io_getevents 3", "io_getevents 3", "io_getevents 2");
        assertThat(unread()).isEmpty();
    }

    @Test
    void theKernelMayTakeThemInParts() throws IOException {
        kernel.answer(0, 1, 2);
        kernel.end(0, BLOCK, 1, BLOCK, 2, BLOCK);
        places(3);
        device.readAll(list);
        assertThat(calls).containsExactly("io_setup 256", "io_submit 3", "io_submit 2", "io_getevents 3");
    }

    @Test
    void whatTheKernelDoesNotTakeIsReadPlaceByPlace() throws IOException {
        kernel.answer(0, 1, -Errno.EAGAIN, BLOCK, BLOCK);
        kernel.end(0, BLOCK);
        places(3);
        device.readAll(list);
        assertThat(calls)
                .containsExactly(
                        "io_setup 256",
                        "io_submit 3",
                        "io_submit 2",
                        "io_getevents 1",
                        "pread 4096+4096",
                        "pread 8192+4096");
        assertThat(unread()).isEmpty();
    }

    @Test
    void aShortOrFailedReadIsTriedAloneAndToldIfThatFailsToo() throws IOException {
        kernel.answer(0, 3, BLOCK, -Errno.EIO);
        kernel.end(0, 512, 1, BLOCK, 2, -Errno.EIO);
        places(3);
        device.readAll(list);
        assertThat(calls).endsWith("pread 0+4096", "pread 8192+4096");
        assertThat(unread()).containsExactly(2);
    }

    @Test
    void whereTheKernelHasNoneEachPlaceIsReadAloneAndItIsNotAskedAgain() throws IOException {
        kernel.answer(-Errno.ENOSYS, BLOCK, BLOCK, BLOCK, BLOCK);
        places(2);
        device.readAll(list);
        places(2);
        device.readAll(list);
        assertThat(calls)
                .containsExactly("io_setup 256", "pread 0+4096", "pread 4096+4096", "pread 0+4096", "pread 4096+4096");
    }

    /** Whoever gets the memory next must not have it changed under them by a read that was given up. */
    @Test
    void ifWaitingFailsTheContextIsEndedWhichWaitsForAllThatIsUnderWay() throws IOException {
        kernel.answer(0, 2, 0, BLOCK);
        kernel.end(0, BLOCK);
        kernel.end(-Errno.EINVAL);
        places(2);
        device.readAll(list);
        assertThat(calls)
                .containsExactly(
                        "io_setup 256",
                        "io_submit 2",
                        "io_getevents 2",
                        "io_getevents 1",
                        "io_destroy",
                        "pread 4096+4096");
        assertThat(unread()).isEmpty();
    }

    @Test
    void throughThePageCachePlacesAreReadOneByOne() throws IOException {
        device = kernel.device(file, 64 * BLOCK, 1);
        kernel.answer(BLOCK, BLOCK);
        places(2);
        device.readAll(list);
        assertThat(calls).containsExactly("pread 0+4096", "pread 4096+4096");
    }

    @Test
    void closingEndsTheContextOnce() throws IOException {
        kernel.answer(0, 2, 0);
        kernel.end(0, BLOCK, 1, BLOCK);
        places(2);
        device.readAll(list);
        calls.clear();
        device.close();
        device.close();
        assertThat(calls).containsExactlyInAnyOrder("close 77", "io_destroy");
        places(2);
        assertThatThrownBy(() -> device.readAll(list)).hasMessageContaining("closed");
    }

    @Test
    void oneThatComesBackAfterClosingIsEnded() {
        AsyncPool pool = new AsyncPool(kernel);
        kernel.answer(0, 0);
        AsyncReads reads = pool.take();
        assertThat(reads).isNotNull();
        pool.close();
        assertThat(calls).containsExactly("io_setup 256");
        pool.give(reads);
        assertThat(calls).containsExactly("io_setup 256", "io_destroy");
    }

    @Test
    void noMoreThanSixteenAreMade() {
        AsyncPool pool = new AsyncPool(kernel);
        List<AsyncReads> taken = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            kernel.answer(0);
            taken.add(pool.take());
        }
        assertThat(taken).doesNotContainNull();
        assertThat(pool.take()).isNull();
        pool.give(taken.get(0));
        assertThat(pool.take()).isSameAs(taken.get(0));
    }

    @Test
    void theNumbersOfTheCallsAreThoseOfTheArchitecture() {
        assertThat(AioCalls.of("amd64")).isEqualTo(AioCalls.of("x86_64"));
        assertThat(AioCalls.of("aarch64")).isEqualTo(new AioCalls(0, 1, 2, 4));
        assertThat(AioCalls.of("s390x")).isNull();
    }

    @Test
    void onThisMachineItWorks() throws IOException {
        LibC libc = LibC.load();
        assertThat(libc).isNotNull();
        AsyncReads reads = AsyncReads.open(libc);
        assertThat(reads).as("asynchronous I/O of the kernel").isNotNull();
        reads.close();
        assertThat(reads.isOpen()).isFalse();
    }
}
