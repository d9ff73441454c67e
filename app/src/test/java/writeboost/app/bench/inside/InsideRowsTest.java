package writeboost.app.bench.inside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import writeboost.app.bench.Bench;
import writeboost.app.bench.BenchOptions;
import writeboost.app.bench.Figure;
import writeboost.app.bench.Report;
import writeboost.app.bench.Row;
import writeboost.app.bench.Workbench;
import writeboost.app.config.Environment;

/** The rows whose figures do not depend on how busy the machine is must meet their bars; of the others, that they come to an end. */
@Timeout(120)
class InsideRowsTest {
    @TempDir
    private Path temp;

    private static final class Nobody implements Workbench.Audience {
        private final List<String> heard = new ArrayList<>();

        @Override
        public void say(String line) {
            heard.add(line);
        }

        @Override
        public boolean leaves() {
            return false;
        }
    }

    private List<Figure> figures(String row) throws Exception {
        Environment environment = Environment.of(Map.of("java.io.tmpdir", temp.toString()), Map.of());
        BenchOptions options = new BenchOptions(false, 1, 1, BenchOptions.MIN_DISK_BYTES, null);
        List<Row> rows = InsideRows.all().stream()
                .filter(each -> each.name().equals(row))
                .toList();
        Report report = new Bench(options, environment, new Nobody()).run(rows);
        assertThat(report.rows()).hasSize(1);
        assertThat(report.rows().get(0).error()).isNull();
        return report.rows().get(0).outcome().figures();
    }

    @ParameterizedTest
    @ValueSource(strings = {"log-cost", "memory", "opening"})
    void costsAreBelowTheirBars(String row) throws Exception {
        assertThat(figures(row)).isNotEmpty().allMatch(Figure::isMet);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cache-bandwidth", "flush-rate", "tail-latency", "head-travel"})
    void whatDependsOnTheMachineIsMeasured(String row) throws Exception {
        assertThat(figures(row))
                .isNotEmpty()
                .allSatisfy(figure -> assertThat(figure.values().min()).isPositive());
    }
}
