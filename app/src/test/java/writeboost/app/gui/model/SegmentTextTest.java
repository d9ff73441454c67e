package writeboost.app.gui.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import writeboost.engine.cache.SegmentMap;

class SegmentTextTest {
    @Test
    void whatASegmentHoldsIsToldInWords() {
        assertThat(SegmentText.of(Maps.of("cDD "), 0, 7)).contains("on the SSD and on the disk");
        assertThat(SegmentText.of(Maps.of("cDD "), 1, 7))
                .contains("only on the SSD")
                .contains("The broom")
                .contains("1 segment behind the pen");
        assertThat(SegmentText.of(Maps.of("cDD "), 2, 7)).contains("The pen").doesNotContain("behind");
        assertThat(SegmentText.of(Maps.of("cDD "), 3, 7)).contains("Free");
        assertThat(SegmentText.of(Maps.of("x"), 0, 7)).contains("Damaged");
        assertThat(SegmentText.of(new SegmentMap(1, new byte[] {0x4F}, 0, 0, 0), 0, 1))
                .contains("100 % in use, 57 % of that only on the SSD");
    }

    @Test
    void aSegmentHasItsIdAndAFreePlaceHasNone() {
        assertThat(SegmentText.of(Maps.of("cDD "), 1, 7))
                .startsWith("Segment 6\n")
                .contains("Place 2 of 4");
        assertThat(SegmentText.of(Maps.of("cDD "), 3, 7))
                .startsWith("Place 4 of 4")
                .doesNotContain("Segment");
        assertThat(SegmentText.of(Maps.of("cDD "), 1, 0)).startsWith("Place 2 of 4");
    }

    /** Segment id - 1 modulo 4 is its place; the head of the picture lies at place 2. */
    @ParameterizedTest
    @CsvSource({"7, 2, 7", "7, 1, 6", "7, 3, 4", "6, 2, 7", "8, 2, 7", "3, 2, 3", "3, 3, 0"})
    void theIdIsThatOfThePictureAlsoIfTheFiguresAreALittleOlderOrNewer(long headId, int slot, long id) {
        assertThat(SegmentText.id(Maps.of("cDDc"), slot, headId)).isEqualTo(id);
    }
}
