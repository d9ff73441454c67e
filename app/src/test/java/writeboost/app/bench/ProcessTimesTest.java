package writeboost.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ProcessTimesTest {
    @Test
    void userAndSystemTimeAreAddedWhateverTheProgramIsCalled() throws IOException {
        String stat = "4711 (a) b (c) R 1 2 3 0 -1 4194304 100 0 0 0 250 125 7 8 20 0 1 0 2374252";

        assertThat(ProcessTimes.parse(stat)).isEqualTo(3.75);
    }

    @Test
    void thisProcessHasTakenSome() throws IOException {
        assertThat(ProcessTimes.cpuSeconds(ProcessHandle.current().pid())).isPositive();
    }

    @Test
    void aProcessThatIsGoneIsAnError() {
        assertThatIOException().isThrownBy(() -> ProcessTimes.cpuSeconds(Long.MAX_VALUE));
        assertThatIOException().isThrownBy(() -> ProcessTimes.parse("1 (x) R 1"));
    }
}
