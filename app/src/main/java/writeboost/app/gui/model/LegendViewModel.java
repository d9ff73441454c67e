package writeboost.app.gui.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import writeboost.app.control.PairStatus;

/** The legend: a sentence about what the tape holds, whose parts stand for its colours. */
public record LegendViewModel(List<Part> parts) {
    /** A part of the sentence, and the cells that it speaks of. */
    public record Part(Meaning meaning, String text) {}

    static LegendViewModel of(@Nullable PairStatus status) {
        if (status == null) {
            return new LegendViewModel(List.of());
        }
        List<Part> parts = new ArrayList<>();
        String dirty = Texts.get("legend.dirty", Quantities.blocks(status.dirtyBlocks()));
        parts.add(new Part(
                Meaning.DIRTY, status.dirtyBlocks() == 0 ? dirty : dirty + ", " + FlowViewModel.oldest(status)));
        long clean = Math.max(0, status.cachedBlocks() - status.dirtyBlocks());
        parts.add(new Part(Meaning.CLEAN, Texts.get("legend.clean", Quantities.blocks(clean))));
        long segments = Math.max(1, status.cache().segments());
        long free = status.cache().capacityBlocks() / segments * status.cache().freeSegments();
        parts.add(new Part(Meaning.FREE, Texts.get("legend.free", Quantities.blocks(free))));
        if (status.damagedBlocks() > 0) {
            parts.add(
                    new Part(Meaning.DAMAGED, Texts.get("legend.damaged", Quantities.blocks(status.damagedBlocks()))));
        }
        return new LegendViewModel(parts);
    }

    /** The whole sentence, for those who cannot see the colours. */
    public String sentence() {
        return String.join(". ", parts.stream().map(Part::text).toList()) + ".";
    }
}
