package writeboost.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowsTest {
    private static final List<Row> ROWS = Rows.all(new BenchOptions(true, 1, 1, BenchOptions.MIN_DISK_BYTES, null));

    @Test
    void everyRowHasANameOfItsOwnAndSaysHowItIsMeasured() {
        assertThat(ROWS).extracting(Row::name).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z0-9-]+"));
        assertThat(ROWS).allMatch(row -> !row.title().isBlank() && row.method().endsWith("."));
    }

    @Test
    void theDocumentTellsOfEveryRow() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "benchmarks.md"));

        assertThat(ROWS).allMatch(row -> document.contains("`" + row.name() + "`"));
    }

    @Test
    void everyRivalOfAComparisonTakesPartInIt() {
        for (Row row : ROWS) {
            if (row instanceof Comparison comparison) {
                List<String> names =
                        comparison.contestants().stream().map(Contestant::name).toList();
                assertThat(names).doesNotHaveDuplicates();
                assertThat(comparison.ratios()).allMatch(ratio -> names.containsAll(ratio.rivals()));
                assertThat(comparison.ratios().stream().flatMap(ratio -> ratio.rivals().stream()))
                        .containsAll(names.subList(1, names.size()));
            }
        }
    }
}
