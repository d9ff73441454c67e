package writeboost.app.gui.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import writeboost.app.control.PairSummary;

/**
 * The header: which pair, its state, and what can be done now.
 *
 * @param names of all pairs
 * @param name of the pair that is shown; empty if there is none
 * @param sentence its state
 * @param served whether it is being served
 * @param canAct whether flush, drop and unplug can be asked for
 * @param canSync whether sync can be asked for
 * @param canStart whether serving can begin
 * @param canStop whether serving can end
 */
public record HeaderViewModel(
        List<String> names,
        String name,
        String sentence,
        boolean served,
        boolean canAct,
        boolean canSync,
        boolean canStart,
        boolean canStop) {

    static HeaderViewModel of(
            List<PairSummary> pairs, @Nullable String chosen, boolean served, String sentence, boolean busy) {
        List<String> names = pairs.stream().map(PairSummary::name).toList();
        if (chosen == null) {
            return new HeaderViewModel(names, "", Texts.get("header.none"), false, false, false, false, false);
        }
        return new HeaderViewModel(
                names, chosen, sentence, served, !busy, served && !busy, !served && !busy, served && !busy);
    }
}
