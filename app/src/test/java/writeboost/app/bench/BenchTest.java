package writeboost.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {
    @TempDir
    private Path folder;

    private interface Measuring {
        Outcome measure(Workbench bench) throws IOException;
    }

    private record TestRow(String name, Measuring measuring) implements Row {
        @Override
        public String title() {
            return "The row " + name;
        }

        @Override
        public String method() {
            return "By a test.";
        }

        @Override
        public Outcome measure(Workbench bench) throws IOException {
            return measuring.measure(bench);
        }
    }

    private static final Outcome ONE = Outcome.of(Figure.plain("one", "", Samples.of(1), Bar.atLeast(1)));

    @Test
    void aRowThatFailsIsReportedAndTheOthersGoOn() throws IOException {
        TestRow broken = new TestRow("broken", bench -> {
            throw new IOException("no such disk");
        });

        Report report = run(new TestBench(folder, false), broken, new TestRow("sound", bench -> ONE));

        assertThat(report.rows().get(0).error()).isEqualTo("no such disk");
        assertThat(report.rows().get(1).error()).isNull();
        assertThat(report.hasErrors()).isTrue();
        assertThat(report.met()).isEqualTo(1);
        assertThat(report.barred()).isEqualTo(1);
    }

    @Test
    void theAudienceLearnsHowFarItIs() throws IOException {
        TestBench test = new TestBench(folder, false);

        run(test, new TestRow("first", bench -> ONE), new TestRow("second", bench -> ONE));

        assertThat(test.said).hasSize(4);
        assertThat(test.said.get(0)).isEqualTo("row 1 of 2, first: The row first");
        assertThat(test.said.get(1)).matches(" +took \\d+ (s|min)");
        assertThat(test.said.get(2)).isEqualTo("row 2 of 2, second: The row second");
    }

    @Test
    void aMissedBarIsNoError() throws IOException {
        Figure missed = Figure.plain("one", "", Samples.of(1), Bar.atLeast(2));

        Report report = run(new TestBench(folder, false), new TestRow("row", bench -> Outcome.of(missed)));

        assertThat(report.hasErrors()).isFalse();
        assertThat(report.met()).isZero();
    }

    @Test
    void nothingIsLeftBehindNotEvenByARowThatFails() throws IOException {
        Process[] child = new Process[1];
        run(new TestBench(folder, false), new TestRow("row", bench -> {
            Files.createDirectories(bench.data().resolve("a").resolve("b"));
            Files.writeString(bench.small().resolve("x.sock"), "x");
            child[0] = bench.children()
                    .start("sleep", List.of("/bin/sleep", "600"), Map.of())
                    .process();
            throw new IOException("no such disk");
        }));

        assertThat(folder).isEmptyDirectory();
        assertThat(child[0].isAlive()).isFalse();
    }

    @Test
    void eachRowBeginsWithAnEmptyFolder() throws IOException {
        TestRow row = new TestRow("row", bench -> {
            assertThat(bench.data()).isEmptyDirectory();
            Files.createFile(bench.data().resolve("disk.img"));
            return ONE;
        });

        run(new TestBench(folder, false), row, row);
    }

    @Test
    void whatIsKeptServesTheNextRowCutOrGrownToItsSize() throws IOException {
        run(
                new TestBench(folder, false),
                new TestRow("first", bench -> {
                    assertThat(full(bench, 20_000)).hasSize(20_000);
                    return ONE;
                }),
                new TestRow("smaller", bench -> {
                    assertThat(bench.data()).isEmptyDirectory();
                    byte[] first = Files.readAllBytes(bench.kept().resolve("full.img"));
                    Path smaller = full(bench, 5_000);
                    assertThat(smaller).hasBinaryContent(Arrays.copyOf(first, 5_000));
                    byte[] grown = Files.readAllBytes(full(bench, 9_000));
                    assertThat(grown).hasSize(9_000).startsWith(Arrays.copyOf(first, 5_000));
                    assertThat(Arrays.copyOfRange(grown, 5_000, 9_000)).isNotEqualTo(new byte[4_000]);
                    return ONE;
                }));

        assertThat(folder).isEmptyDirectory();
    }

    private static Path full(Workbench bench, long bytes) throws IOException {
        return Peers.fullFile("full.img", bytes).in(bench);
    }

    @Test
    void whatWasInterruptedIsNotInTheReport() throws IOException {
        TestBench test = new TestBench(folder, false);

        Report report = run(
                test,
                new TestRow("done", bench -> ONE),
                new TestRow("interrupted", bench -> {
                    test.leaves = true;
                    bench.check();
                    return ONE;
                }),
                new TestRow("never", bench -> ONE));

        assertThat(report.rows()).extracting(Report.Result::name).containsExactly("done");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aDiskThatIsTooLargeForTheFolderIsRefusedWithWhatToDo() {
        TestBench test = new TestBench(folder, false);
        BenchOptions huge = new BenchOptions(false, 1, 1, BenchOptions.MAX_DISK_BYTES, folder);

        assertThatIOException()
                .isThrownBy(() -> new Bench(huge, test.environment(), test).run(List.of()))
                .withMessageContaining("--dir")
                .withMessageContaining("--size");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void withoutFioTheReportSaysThatAnotherClientStandsIn() throws IOException {
        assertThat(run(new TestBench(folder, true)).machine())
                .contains(new Report.Fact("client", "its own client; fio is not installed: apt install fio"));
        assertThat(run(new TestBench(folder, false)).machine()).contains(new Report.Fact("client", "its own client"));
    }

    @Test
    void aChildThatFailsIsToldWithItsLastWords() throws IOException {
        try (Workbench bench = new TestBench(folder, false).open()) {
            assertThatIOException()
                    .isThrownBy(() -> bench.children()
                            .run("shell", List.of("/bin/sh", "-c", "echo no such disk >&2; exit 3"), 60))
                    .withMessage("shell ended with status 3: no such disk");
            assertThat(bench.children().run("shell", List.of("/bin/sh", "-c", "echo fine"), 60))
                    .isEqualTo("fine\n");
        }
    }

    @Test
    void aChildThatHasNothingToLoseIsNotAskedToEnd() throws IOException {
        try (Workbench bench = new TestBench(folder, false).open()) {
            Children.Child stubborn = bench.children()
                    .start("shell", List.of("/bin/sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"), Map.of());

            bench.children().kill(stubborn);

            assertThat(stubborn.process().isAlive()).isFalse();
        }
    }

    @Test
    void aChildThatTakesTooLongIsEnded() throws IOException {
        try (Workbench bench = new TestBench(folder, false).open()) {
            assertThatIOException()
                    .isThrownBy(() -> bench.children().run("sleep", List.of("/bin/sleep", "600"), 0))
                    .withMessageContaining("did not end within 0 s");
        }
    }

    private static Report run(TestBench test, Row... rows) throws IOException {
        return new Bench(test.options(), test.environment(), test).run(List.of(rows));
    }
}
