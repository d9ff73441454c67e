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
        assertThat(layout.cell()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"512, 754, 292", "2047, 600, 300"})
    void cellsAreAsLargeAsTheyCanBe(int segments, int width, int height) {
        TapeLayout layout = TapeLayout.fit(segments, width, height);
        int larger = layout.pitch() + 1;

        assertThat((width + layout.gap()) / larger * ((height + layout.gap()) / larger))
                .isLessThan(segments);
    }

    @Test
    void aPointLeadsBackToItsSegment() {
        TapeLayout layout = TapeLayout.fit(512, 754, 292);

        for (int slot = 0; slot < 512; slot++) {
            assertThat(layout.slotAt(layout.x(slot), layout.y(slot))).isEqualTo(slot);
            assertThat(layout.slotAt(layout.x(slot) + layout.cell() - 1, layout.y(slot) + layout.cell() - 1))
                    .isEqualTo(slot);
        }
    }

    @Test
    void besideTheTapeThereIsNoSegment() {
        TapeLayout layout = TapeLayout.fit(512, 754, 292);

        assertThat(layout.slotAt(-1, 5)).isEqualTo(-1);
        assertThat(layout.slotAt(5, -0.5)).isEqualTo(-1);
        assertThat(layout.slotAt(layout.columns() * layout.pitch() + 1, 5)).isEqualTo(-1);
        assertThat(layout.slotAt(5, layout.rows() * layout.pitch() + 1)).isEqualTo(-1);
    }

    @Test
    void smallCellsNeedALensAndLargeOnesDoNot() {
        assertThat(TapeLayout.fit(131_072, 1574, 620).needsLens()).isTrue();
        assertThat(TapeLayout.fit(512, 754, 292).needsLens()).isFalse();
    }
}
