package writeboost.app.gui.model;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import writeboost.app.config.Sizes;
import writeboost.app.control.PairStatus;

/**
 * The frame of the tape: what flows in on the left and out on the right.
 *
 * @param programs bytes a second between programs and RAM
 * @param buffersUsed RAM buffers with something in them, in eighths of all
 * @param buffers the same in words
 * @param disk bytes a second to the disk
 * @param kind what the moving is: normal, urgent, a flush, or nothing
 * @param urgent whether room runs out
 * @param eta when it is expected to end; may be empty
 * @param reads where reads come from
 */
public record FlowViewModel(
        String programs,
        int buffersUsed,
        String buffers,
        String disk,
        String kind,
        boolean urgent,
        String eta,
        String reads) {
    /** Boxes that show the fill of the RAM buffers. */
    public static final int BUFFER_BOXES = 8;

    static FlowViewModel of(@Nullable PairStatus status, Recent recent) {
        if (status == null) {
            return new FlowViewModel(
                    "–", 0, "", "–", Texts.get("flow.kind.none"), false, "", Texts.get("flow.reads.none"));
        }
        OptionalDouble hits = recent.hitRate();
        int total = Math.max(1, status.ramBuffersTotal());
        return new FlowViewModel(
                Quantities.rate(recent.programs()),
                Math.min(BUFFER_BOXES, (status.ramBuffers() * BUFFER_BOXES + total - 1) / total),
                Texts.get("flow.buffers", status.ramBuffers(), status.ramBuffersTotal()),
                Quantities.rate(recent.movingToDisk()),
                kind(status),
                status.migration().kind().equals("urgent"),
                status.migration().running() ? eta(status) : "",
                hits.isPresent()
                        ? Texts.get("flow.reads", Quantities.percent(hits.getAsDouble()))
                        : Texts.get("flow.reads.none"));
    }

    private static String kind(PairStatus status) {
        return switch (status.migration().kind()) {
            case "normal" -> Texts.get("flow.kind.normal");
            case "urgent" -> Texts.get("flow.kind.urgent");
            case "flush" -> Texts.get("flow.kind.flush");
            default -> Texts.get(status.dirtyBlocks() == 0 ? "flow.kind.none" : "flow.kind.waiting");
        };
    }

    static String eta(PairStatus status) {
        Double seconds = status.migration().etaS();
        return seconds == null || seconds < 1 ? "" : Texts.get("flow.eta", Sizes.duration(seconds));
    }

    static String oldest(PairStatus status) {
        return Texts.get("legend.oldest", Sizes.duration(status.oldestDirtyAgeS()));
    }
}
