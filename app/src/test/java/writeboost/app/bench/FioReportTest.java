package writeboost.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FioReportTest {
    private static final String NOTHING =
            "{\"io_bytes\": 0, \"runtime\": 0, \"total_ios\": 0, \"lat_ns\": {\"mean\": 0.0}}";
    private static final String WRITES =
            "{\"io_bytes\": 204939264, \"runtime\": 2001, \"total_ios\": 50034, \"lat_ns\": {\"mean\": 1278493.6}}";

    @Test
    void requestsBytesTimeAndLatencyAreFound() throws IOException {
        Turn turn = FioReport.parse(report(0, NOTHING, WRITES));

        assertThat(turn.requests()).isEqualTo(50_034);
        assertThat(turn.bytes()).isEqualTo(204_939_264);
        assertThat(turn.seconds()).isEqualTo(2.001);
        assertThat(turn.meanLatencySeconds()).isCloseTo(0.0012784936, within(1e-9));
        assertThat(Metric.RATE.of(turn)).isCloseTo(25_004.5, within(0.1));
        assertThat(Metric.BANDWIDTH.of(turn)).isCloseTo(97.67, within(0.01));
    }

    @Test
    void whatFioSaysBeforeItsReportIsSkipped() throws IOException {
        assertThat(FioReport.parse("fio: connected to NBD server\n" + report(0, WRITES, NOTHING))
                        .requests())
                .isEqualTo(50_034);
    }

    @Test
    void anErrorOfFioIsAnError() {
        assertThatIOException()
                .isThrownBy(() -> FioReport.parse(report(5, NOTHING, WRITES)))
                .withMessageContaining("fio met error 5");
    }

    @Test
    void aRunThatDidNothingIsAnError() {
        assertThatIOException()
                .isThrownBy(() -> FioReport.parse(report(0, NOTHING, NOTHING)))
                .withMessageContaining("fio did nothing");
    }

    @Test
    void whatIsNoReportIsAnErrorThatShowsIt() {
        assertThatIOException()
                .isThrownBy(() -> FioReport.parse("fio: engine nbd not loadable"))
                .withMessageContaining("engine nbd not loadable");
        assertThatIOException()
                .isThrownBy(() -> FioReport.parse("{\"jobs\": ["))
                .withMessageContaining("no JSON");
        assertThatIOException().isThrownBy(() -> FioReport.parse("{}")).withMessageContaining("0 jobs");
    }

    private static String report(int error, String read, String write) {
        return "{\"fio version\": \"fio-3.33\", \"jobs\": [{\"jobname\": \"load\", \"error\": " + error + ", \"read\": "
                + read + ", \"write\": " + write + "}]}";
    }
}
