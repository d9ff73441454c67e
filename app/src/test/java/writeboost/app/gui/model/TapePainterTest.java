package writeboost.app.gui.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.IntBuffer;
import org.junit.jupiter.api.Test;
import writeboost.engine.cache.SegmentMap;

class TapePainterTest {
    private static final TapePalette PALETTE = TapePalette.LIGHT;

    private final TapeLayout layout = TapeLayout.of(4, 2, 12, 12, 2);
    private final IntBuffer pixels = IntBuffer.allocate(layout.width() * layout.height());
    private final TapePainter painter = new TapePainter(layout, PALETTE, false, pixels);

    @Test
    void eachMeaningHasItsColour() {
        painter.paint(Maps.of("Dc x"));

        assertThat(middle(0)).isEqualTo(PALETTE.dirty());
        assertThat(middle(1)).isNotIn(PALETTE.dirty(), PALETTE.free(), PALETTE.damaged());
        assertThat(middle(2)).isEqualTo(PALETTE.free());
        assertThat(middle(3)).isIn(PALETTE.damaged(), PALETTE.hatch());
    }

    @Test
    void damageIsHatchedAndNothingElseIs() {
        painter.paint(Maps.of("Dc x"));

        assertThat(colours(3)).isEqualTo(2);
        assertThat(colours(0)).isEqualTo(1);
        assertThat(colours(2)).isEqualTo(1);
    }

    @Test
    void theGapsStayEmpty() {
        painter.paint(Maps.of("DDDD"));

        assertThat(pixels.get(layout.cellHeight())).isEqualTo(PALETTE.background());
        assertThat(pixels.get(layout.cellHeight() * layout.width())).isEqualTo(PALETTE.background());
    }

    @Test
    void aSegmentThatIsHalfFullIsFilledFromBelow() {
        painter.paint(new SegmentMap(1, new byte[] {0x77, 0, 0, 0}, 0, 0, 0));

        assertThat(pixels.get(0)).isEqualTo(PALETTE.free());
        assertThat(pixels.get((layout.cellHeight() - 1) * layout.width())).isEqualTo(PALETTE.dirty());
    }

    @Test
    void whatIsOnBothLiesBelowWhatIsOnlyOnTheSsd() {
        painter.paint(new SegmentMap(1, new byte[] {0x4F, 0, 0, 0}, 0, 0, 0));

        assertThat(pixels.get(0)).isEqualTo(PALETTE.dirty());
        assertThat(pixels.get((layout.cellHeight() - 1) * layout.width())).isEqualTo(PALETTE.clean());
    }

    @Test
    void onlyWhatHasChangedIsPainted() {
        painter.paint(Maps.of("Dcc "));

        TapePainter.Changed changed = painter.paint(Maps.of("Dccc"));

        assertThat(changed).isNotNull();
        assertThat(changed.cells()).isEqualTo(1);
        assertThat(changed.y()).isEqualTo(layout.y(3));
        assertThat(painter.paint(Maps.of("Dccc"))).isNull();
    }

    @Test
    void pointingAtAMeaningPalesTheOthers() {
        painter.paint(Maps.of("Dc  "));
        int clean = middle(1);

        painter.highlight(Meaning.DIRTY);
        painter.paint(Maps.of("Dc  "));

        assertThat(middle(0)).isEqualTo(PALETTE.dirty());
        assertThat(middle(1)).isNotEqualTo(clean);
    }

    @Test
    void byAgeTheNewestAndTheOldestDiffer() {
        TapePainter byAge = new TapePainter(layout, PALETTE, true, pixels);

        byAge.paint(new SegmentMap(1, new byte[] {0x0F, 0x0F, 0x0F, 0x0F}, 3, -1, 0));

        assertThat(middle(3)).isEqualTo(PALETTE.age(0));
        assertThat(middle(0)).isNotEqualTo(middle(3));
    }

    @Test
    void tinyCellsHaveOneColourEach() {
        TapeLayout tiny = TapeLayout.of(4, 2, 2, 2, 0);
        IntBuffer few = IntBuffer.allocate(tiny.width() * tiny.height());

        new TapePainter(tiny, PALETTE, false, few).paint(Maps.of("Dc x"));

        assertThat(few.get(0)).isEqualTo(PALETTE.dirty());
        assertThat(few.get(tiny.width() - 1)).isNotEqualTo(PALETTE.dirty());
        assertThat(few.get(few.capacity() - 2)).as("damage").isEqualTo(PALETTE.damaged());
    }

    @Test
    void theColoursAreTellableApartWithoutColour() {
        for (TapePalette palette : new TapePalette[] {TapePalette.LIGHT, TapePalette.DARK}) {
            for (double age = 0; age <= 1; age += 0.125) {
                int[] greys = {
                    grey(palette.background()), grey(palette.free()), grey(palette.clean(age)), grey(palette.dirty())
                };
                for (int i = 0; i < greys.length; i++) {
                    for (int j = 0; j < i; j++) {
                        assertThat(Math.abs(greys[i] - greys[j]))
                                .as(i + " and " + j)
                                .isGreaterThan(22);
                    }
                }
            }
        }
    }

    @Test
    void damageIsHatchedInTinyCellsToo() {
        TapeLayout tiny = TapeLayout.of(4, 2, 2, 2, 0);
        IntBuffer few = IntBuffer.allocate(tiny.width() * tiny.height());

        new TapePainter(tiny, PALETTE, false, few).paint(Maps.of("xc x"));

        assertThat(new int[] {few.get(0), few.get(1)}).containsExactlyInAnyOrder(PALETTE.damaged(), PALETTE.hatch());
    }

    private static int grey(int argb) {
        return (int) (0.299 * (argb >> 16 & 0xFF) + 0.587 * (argb >> 8 & 0xFF) + 0.114 * (argb & 0xFF));
    }

    private int middle(int slot) {
        int half = layout.cellHeight() / 2;
        return pixels.get((layout.y(slot) + half) * layout.width() + layout.x(slot) + half);
    }

    private long colours(int slot) {
        return java.util.stream.IntStream.range(0, layout.cellHeight() * layout.cellHeight())
                .map(i -> pixels.get((layout.y(slot) + i / layout.cellHeight()) * layout.width()
                        + layout.x(slot)
                        + i % layout.cellHeight()))
                .distinct()
                .count();
    }
}
