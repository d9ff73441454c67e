package writeboost.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ReportWritersTest {
    private static final Figure MET = Figure.ratio(
            "IOPS / them",
            new Series("we", "I/O per second", Samples.of(30, 40, 50)),
            new Series("them <\"&\">", "I/O per second", Samples.of(10, 20, 10)),
            Bar.atLeast(1));
    private static final Figure MISSED =
            Figure.plain("bytes | block", "B", Samples.of(21), Bar.atMost(20)).noting("more than it should");
    private static final Figure TOLD = Figure.plain("seconds", "s", Samples.of(0.5, 1500), Bar.NONE);
    private static final Report REPORT = new Report(
            List.of(new Report.Fact("files on", "ext4")),
            List.of(
                    new Report.Result(
                            "first",
                            "The first",
                            "Somehow.",
                            new Outcome(List.of(MET, MISSED, TOLD), List.of("them: no fio")),
                            null,
                            150),
                    new Report.Result(
                            "second", "The second", "Not.", new Outcome(List.of(), List.of()), "no <disk>", 0.1)));

    @Test
    void theTableHasEveryFigureWithMedianSpreadAndBar() {
        List<String> lines = TableReport.lines(REPORT);

        assertThat(lines)
                .anySatisfy(line -> assertThat(line).matches(" +IOPS / them +3\\.00 +2\\.00 - 5\\.00 +>= 1\\.0 +met"))
                .anySatisfy(line ->
                        assertThat(line).matches(" +bytes \\| block \\(B\\) +21\\.0 +21\\.0 - 21\\.0 +<= 20 +MISSED"))
                .anySatisfy(line -> assertThat(line).matches(" +seconds \\(s\\) +750 +0\\.50 - 1,500 +report"))
                .contains("        more than it should", "    left out: them: no fio")
                .contains("    could not be measured: no <disk>", "1 of 2 bars met, in 3 min")
                .contains("The first (first, 3 min)");
    }

    @Test
    void theJsonHasEveryValue() throws IOException {
        JsonNode json = new ObjectMapper().readTree(JsonReport.text(REPORT));

        assertThat(json.at("/machine/files_on").asText()).isEqualTo("ext4");
        assertThat(json.at("/bars").asInt()).isEqualTo(2);
        assertThat(json.at("/bars_met").asInt()).isEqualTo(1);
        JsonNode figure = json.at("/rows/0/figures/0");
        assertThat(figure.at("/what").asText()).isEqualTo("IOPS / them");
        assertThat(figure.at("/median").asDouble()).isEqualTo(3);
        assertThat(figure.at("/values/2").asDouble()).isEqualTo(5);
        assertThat(figure.at("/bar/kind").asText()).isEqualTo("at_least");
        assertThat(figure.at("/met").asBoolean()).isTrue();
        assertThat(figure.at("/series/1/values/1").asDouble()).isEqualTo(20);
        assertThat(json.at("/rows/0/figures/1/met").asBoolean()).isFalse();
        assertThat(json.at("/rows/0/figures/2/bar").isNull()).isTrue();
        assertThat(json.at("/rows/0/left_out/0").asText()).isEqualTo("them: no fio");
        assertThat(json.at("/rows/1/error").asText()).isEqualTo("no <disk>");
    }

    @Test
    void theMarkdownHasALineForEachFigure() {
        assertThat(MarkdownReport.text(REPORT).lines())
                .contains("| The first: IOPS / them | 3.00 | 2.00 - 5.00 | >= 1.0 | met |")
                .contains("| The first: bytes \\| block | 21.0 B | 21.0 - 21.0 | <= 20 | **missed** |")
                .contains("1 of 2 bars met, in 3 min.")
                .contains("- The first: bytes | block: more than it should", "- Left out: them: no fio")
                .contains("- Could not be measured: The second: no <disk>");
    }

    @Test
    void thePageIsWholeAndNeedsNothingButItself() throws Exception {
        String page = HtmlReport.text(REPORT);

        assertThat(page).doesNotContain("http").doesNotContain("<script").doesNotContain("url(");
        assertThat(page)
                .contains(
                        "bars met, in 3 min</p>",
                        "Somehow. It took 3 min.",
                        "no &lt;disk&gt;",
                        "them &lt;&quot;&amp;&quot;&gt;",
                        "prefers-color-scheme: dark");
        // two figures have a bar, and there is one chart of plain values
        assertThat(page.split("<svg ", -1)).hasSize(4);
        String wellFormed =
                page.substring(page.indexOf("<body>")).replace("</html>", "").replace("&hellip;", "...");
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(wellFormed)))
                        .getElementsByTagName("section")
                        .getLength())
                .isEqualTo(2);
    }

    @Test
    void numbersHaveThreeDigitsThatCount() {
        assertThat(Numbers.text(12_345.6)).isEqualTo("12,346");
        assertThat(Numbers.text(12.34)).isEqualTo("12.3");
        assertThat(Numbers.text(1.234)).isEqualTo("1.23");
        assertThat(Numbers.text(0.01234)).isEqualTo("0.0123");
        assertThat(Numbers.text(0)).isEqualTo("0");
    }
}
