package writeboost.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import writeboost.app.config.Environment;

/** What the bench is told, before it measures anything. */
class BenchCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rounds=0 | --rounds is 0, but must be from 1 to 101",
                "--seconds=601 | --seconds is 601, but must be from 1 to 600",
                "--seconds=x | 'x' is not an int",
                "--size=1M | --size is 1M, but must be whole MiB from 512 MiB to 1 TiB",
                "--size=100000001 | must be whole MiB",
                "--size=lots | is not a size",
                "--only=random-write,no-such-row | there is no row no-such-row; `writeboost bench --list` shows all",
                "--dir=/no/such/folder | --dir is /no/such/folder, which is no folder",
                "--json=/no/such/folder/x.json | --json is /no/such/folder/x.json, which cannot be written",
                "--html=/ | --html is /, which cannot be written",
                "--no-such-option | Unknown option"
            })
    void wrongUsageIsTwoAndSaysWhatIsWrong(String argument, String sentence) {
        assertThat(run("bench", argument)).isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString()).contains(sentence).contains("See: writeboost bench --help");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void theListNamesEveryRowAndMeasuresNothing() {
        assertThat(run("bench", "--list")).isZero();
        assertThat(out.toString()).contains("random-write ", "slow-untar ");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void theListIsOfThoseThatAreAskedFor() {
        assertThat(run("bench", "--list", "--only", "flush,flush-16", "--only", "cold-read"))
                .isZero();
        assertThat(out.toString().lines()).hasSize(3);
    }

    private int run(String... arguments) {
        Environment environment = Environment.of(Map.of("java.io.tmpdir", folder.toString()), Map.of());
        return CommandRunner.program(CommandRunner.NO_SERVICE, environment, new Interruption(), out, err)
                .run(arguments);
    }
}
