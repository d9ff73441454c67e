package writeboost.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    @TempDir
    private Path folder;

    private final List<String> happened = new ArrayList<>();

    @Test
    void theyTakeTurnsAfterAWarmUpOfEach() throws IOException {
        Outcome outcome = measure(comparison(new Fake("we", 999, 30, 40), new Fake("they", 999, 10, 20)));

        assertThat(happened)
                .containsExactly(
                        "start we",
                        "start they",
                        "we 999",
                        "they 999",
                        "we 30",
                        "they 10",
                        "we 40",
                        "they 20",
                        "close they",
                        "close we");
        Figure figure = outcome.figures().get(0);
        assertThat(figure.values().values()).containsExactly(3.0, 2.0);
        assertThat(figure.isMet()).isTrue();
        assertThat(figure.series()).extracting(Series::who).containsExactly("we", "they");
    }

    @Test
    void freshServersAreStartedForEachTurnAndDoNotWarmUp() throws IOException {
        measure(comparison(new Fake("we", 30, 40), new Fake("they", 10, 20)).fresh());

        assertThat(happened)
                .containsExactly(
                        "start we",
                        "we 30",
                        "close we",
                        "start they",
                        "they 10",
                        "close they",
                        "start we",
                        "we 40",
                        "close we",
                        "start they",
                        "they 20",
                        "close they");
    }

    @Test
    void theBestRivalIsTheBestOfEachRound() throws IOException {
        Comparison row = Comparison.of("row", "A row")
                .between(new Fake("we", 1, 100, 100), new Fake("one", 1, 50, 10), new Fake("two", 1, 20, 25))
                .ratio("rate / best", Metric.RATE, Bar.atLeast(3), "one", "two");

        Figure figure = measure(row).figures().get(0);

        assertThat(figure.values().values()).containsExactly(2.0, 4.0);
        assertThat(figure.series()).extracting(Series::who).containsExactly("we", "one", "two");
    }

    @Test
    void oneWhoLearnsSlowlyWarmsUpLonger() throws IOException {
        measure(comparison(new Fake("we", 1, 2, 30, 40), new Fake("they", 1, 10, 20))
                .warmingUp(2));

        assertThat(happened).containsSubsequence("we 1", "we 2", "they 1", "we 30", "they 10", "we 40", "they 20");
    }

    @Test
    void aRowThatIsClearSoonHasFewerRoundsThanWereAskedFor() throws IOException {
        measure(comparison(new Fake("we", 30), new Fake("they", 10)).fresh().roundsAtMost(1));

        assertThat(happened).containsExactly("start we", "we 30", "close we", "start they", "they 10", "close they");
    }

    @Test
    void whoIsNotInstalledIsLeftOutWithThePackage() throws IOException {
        Contestant missing = new Peer("them", "nbdkit", (bench, socket) -> List.of());
        Comparison row = Comparison.of("row", "A row")
                .between(new Fake("we", 1, 100, 100), missing, new Fake("two", 1, 20, 25))
                .ratio("rate / best", Metric.RATE, Bar.atLeast(3), "them", "two")
                .ratio("rate / them", Metric.RATE, Bar.atLeast(3), "them");
        try (Workbench bench = new TestBench(folder, true).open()) {
            Outcome outcome = row.measure(bench);

            assertThat(outcome.leftOut())
                    .containsExactly(
                            "rate / best: them took no part: nbdkit is not installed: apt install nbdkit",
                            "rate / them: them took no part: nbdkit is not installed: apt install nbdkit");
            assertThat(outcome.figures()).extracting(Figure::what).containsExactly("rate / best", "rate, alone");
        }
    }

    @Test
    void withoutPeersTheirServersTakeNoPart() throws IOException {
        Contestant peer = new Peer("them", "nbdkit", (bench, socket) -> List.of());
        Comparison row = Comparison.of("row", "A row")
                .between(new Fake("we", 1, 100, 100), peer)
                .ratio("rate / them", Metric.RATE, Bar.atLeast(3), "them");

        Outcome outcome = measure(row);

        assertThat(outcome.leftOut()).containsExactly("rate / them: them took no part: needs --peers");
        assertThat(outcome.figures().get(0).bar()).isEqualTo(Bar.NONE);
        assertThat(outcome.figures().get(0).unit()).isEqualTo("I/O per second");
    }

    @Test
    void aRowThatThisMachineCannotMeasureSaysWhy() throws IOException {
        Outcome outcome = measure(comparison(new Fake("we"), new Fake("they")).unless(() -> Optional.of("no root")));

        assertThat(outcome.leftOut()).containsExactly("A row: no root");
        assertThat(happened).isEmpty();
    }

    @Test
    void serversAreClosedWhenOneFails() {
        Fake broken = new Fake("they"); // has no turn to give

        assertThatIOException()
                .isThrownBy(() -> measure(comparison(new Fake("we", 1, 2, 3), broken)))
                .withMessageContaining("they broke");
        assertThat(happened).contains("close we", "close they");
    }

    @Test
    void whoLeavesEndsItBetweenTurns() throws IOException {
        TestBench test = new TestBench(folder, false);
        Fake we = new Fake("we", 1, 2, 3) {
            @Override
            void measured() {
                test.leaves = true;
            }
        };
        try (Workbench bench = test.open()) {
            assertThatIOException()
                    .isThrownBy(() -> comparison(we, new Fake("they", 1, 2, 3)).measure(bench))
                    .isInstanceOf(EndedEarly.class);
        }
        assertThat(happened).containsExactly("start we", "start they", "we 1", "close they", "close we");
    }

    private static Comparison comparison(Fake we, Fake they) {
        return Comparison.of("row", "A row")
                .between(we, they)
                .ratio("rate / they", Metric.RATE, Bar.atLeast(2), "they");
    }

    private Outcome measure(Row row) throws IOException {
        try (Workbench bench = new TestBench(folder, false).open()) {
            return row.measure(bench);
        }
    }

    /** Does so many requests a second, one number for each turn. */
    private class Fake implements Contestant {
        private final String name;
        private final List<Integer> rates = new ArrayList<>();

        Fake(String name, int... rates) {
            this.name = name;
            for (int rate : rates) {
                this.rates.add(rate);
            }
        }

        void measured() {}

        @Override
        public String name() {
            return name;
        }

        @Override
        public List<String> tools() {
            return List.of();
        }

        @Override
        public Server start(Workbench bench) {
            happened.add("start " + name);
            return new Server() {
                @Override
                public String name() {
                    return name;
                }

                @Override
                public Address address() {
                    return new Address(folder, "");
                }

                @Override
                public double cpuSeconds() {
                    return 0;
                }

                @Override
                public Turn run(LoadClient client, Load load) throws IOException {
                    if (rates.isEmpty()) {
                        throw new IOException(name + " broke");
                    }
                    int rate = rates.remove(0);
                    happened.add(name + " " + rate);
                    measured();
                    return new Turn(rate, rate * 4096L, 1, 0.001, 0);
                }

                @Override
                public void close() {
                    happened.add("close " + name);
                }
            };
        }
    }
}
