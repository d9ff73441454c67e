package writeboost.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimerSlackTest {
    @Test
    void itIsThatOfTheCallingThreadAlone() {
        String before = own();
        String set = CompletableFuture.supplyAsync(
                        () -> {
                            assertThat(TimerSlack.set(1234)).isTrue();
                            return own();
                        },
                        body -> new Thread(body).start())
                .join();
        assertThat(set).isEqualTo("1234");
        assertThat(own()).isEqualTo(before);
    }

    private static String own() {
        try {
            Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
            return Files.readString(Path.of("/proc").resolve(thread).resolve("timerslack_ns"))
                    .strip();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whereThereIsNoSuchFileItSaysSo(@TempDir Path proc) {
        assertThat(TimerSlack.set(proc, 1000)).isFalse();
    }
}
