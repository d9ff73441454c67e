package writeboost.app.gui.model;

import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import writeboost.app.config.Sizes;
import writeboost.app.control.PairStatus;

/**
 * A figure as it is shown.
 *
 * @param value in words
 * @param detail more about it; may be empty
 */
public record FigureViewModel(Figure figure, String value, String detail) {
    private static final String UNKNOWN = "–";

    /** Whether there is a value at all. */
    public boolean known() {
        return !value.equals(UNKNOWN);
    }

    static List<FigureViewModel> of(@Nullable PairStatus status, Recent recent) {
        if (status == null) {
            return java.util.Arrays.stream(Figure.values())
                    .map(figure -> new FigureViewModel(figure, UNKNOWN, ""))
                    .toList();
        }
        OptionalDouble hits = recent.hitRate();
        boolean moves = status.migration().running();
        return List.of(
                new FigureViewModel(
                        Figure.NOT_ON_DISK,
                        Sizes.format(status.dirtyBytes()),
                        status.dirtyBlocks() == 0 ? "" : FlowViewModel.oldest(status)),
                new FigureViewModel(
                        Figure.READS_FROM_SSD,
                        hits.isPresent() ? Quantities.percent(hits.getAsDouble()) : UNKNOWN,
                        hits.isPresent() ? "" : Texts.get("figure.reads_from_ssd.none")),
                new FigureViewModel(Figure.COMING_IN, Quantities.rate(recent.comingIn()), ""),
                new FigureViewModel(
                        Figure.MOVING_TO_DISK,
                        Quantities.rate(FlowViewModel.toDisk(status, recent)),
                        moves ? FlowViewModel.eta(status) : ""));
    }

    /** The value that goes into the chart. */
    static double number(Figure figure, PairStatus status, Recent recent) {
        return switch (figure) {
            case NOT_ON_DISK -> status.dirtyBytes();
            case READS_FROM_SSD -> recent.hitRate().orElse(Double.NaN);
            case COMING_IN -> recent.comingIn();
            case MOVING_TO_DISK -> FlowViewModel.toDisk(status, recent);
        };
    }
}
