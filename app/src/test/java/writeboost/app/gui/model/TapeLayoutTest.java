package writeboost.app.gui.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TapeLayoutTest {
    @ParameterizedTest
    @CsvSource({
        "512, 754, 292",
        "1, 754, 292",
        "2047, 600, 300",
        "131072, 1574, 620",
        "131072, 754, 292",
        "40, 200, 120"
    })
    void everySegmentHasAPlaceInsideThePicture(int segments, int width, int height) {
        TapeLayout layout = TapeLayout.fit(segments, width, height);

        assertThat(layout.columns() * layout.rows()).isGreaterThanOrEqualTo(segments);
        assertThat(layout.width()).isLessThanOrEqualTo(width);
        assertThat(layout.height()).isLessThanOrEqualTo(height);
        assertThat(layout.cellWidth()).isPositive();
        assertThat(layout.cellHeight()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"512, 754, 292", "512, 612, 361", "512, 1600, 640"})
    void theTapeFillsItsFrameWithFullRows(int segments, int width, int height) {
        TapeLayout layout = TapeLayout.fit(segments, width, height);

        assertThat(segments % layout.columns()).isZero();
        assertThat((double) layout.width() * layout.height()).as("%s", layout).isGreaterThan(0.85 * width * height);
        assertThat((double) layout.pitchX() / layout.pitchY()).isBetween(0.66, 1.5);
    }

    @Test
    void cellsOfAPixelOrTwoFillTheFrameToo() {
        TapeLayout layout = TapeLayout.fit(131_072, 770, 360);

        assertThat(layout.pitchX()).isEqualTo(1);
        assertThat(layout.pitchY()).isEqualTo(2);
        assertThat(layout.height()).isGreaterThan(330);
    }

    @Test
    void aPointLeadsBackToItsSegment() {
        TapeLayout layout = TapeLayout.fit(512, 754, 292);

        for (int slot = 0; slot < 512; slot++) {
            assertThat(layout.slotAt(layout.x(slot), layout.y(slot))).isEqualTo(slot);
            assertThat(layout.slotAt(layout.x(slot) + layout.cellWidth() - 1, layout.y(slot) + layout.cellHeight() - 1))
                    .isEqualTo(slot);
        }
    }

    @Test
    void besideTheTapeThereIsNoSegment() {
        TapeLayout layout = TapeLayout.fit(512, 754, 292);

        assertThat(layout.slotAt(-1, 5)).isEqualTo(-1);
        assertThat(layout.slotAt(5, -0.5)).isEqualTo(-1);
        assertThat(layout.slotAt(layout.columns() * layout.pitchX() + 1, 5)).isEqualTo(-1);
        assertThat(layout.slotAt(5, layout.rows() * layout.pitchY() + 1)).isEqualTo(-1);
    }

    @Test
    void smallCellsNeedALensAndLargeOnesDoNot() {
        assertThat(TapeLayout.fit(131_072, 1574, 620).needsLens()).isTrue();
        assertThat(TapeLayout.fit(512, 754, 292).needsLens()).isFalse();
    }
}
