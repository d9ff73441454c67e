package writeboost.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.io.Writer;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private final StringWriter err = new StringWriter();

    @Test
    void withoutATerminalThereIsALineAtEveryTenth() {
        try (ProgressBar bar = bar(false)) {
            for (int done = 0; done <= 1000; done++) {
                assertThat(bar.update(done, 1000)).isTrue();
            }
        }
        assertThat(err.toString().lines())
                .hasSize(11)
                .startsWith("Flushing: 0 %")
                .endsWith("Flushing: 100 %");
    }

    @Test
    void onATerminalOneLineIsRedrawnAndEnded() {
        try (ProgressBar bar = bar(true)) {
            bar.update(1, 4);
            bar.update(4, 4);
        }
        assertThat(err.toString())
                .startsWith("\rFlushing [########----------------------]  25 %\u001b[K")
                .endsWith("\rFlushing [##############################] 100 %\u001b[K\n");
    }

    @Test
    void anUnknownTotalShowsNothing() {
        try (ProgressBar bar = bar(true)) {
            bar.update(5, 0);
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void moreThanAllIsAll() {
        try (ProgressBar bar = bar(false)) {
            bar.update(7, 5);
        }
        assertThat(err.toString()).isEqualTo("Flushing: 100 %\n");
    }

    private ProgressBar bar(boolean isTerminal) {
        return new ProgressBar(
                new Terminal(
                        new BufferedReader(Reader.nullReader()),
                        new PrintWriter(Writer.nullWriter()),
                        new PrintWriter(err),
                        false,
                        false,
                        isTerminal,
                        80),
                "Flushing");
    }
}
