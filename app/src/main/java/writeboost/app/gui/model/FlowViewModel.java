package writeboost.app.gui.model;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import writeboost.app.config.Sizes;
import writeboost.app.control.PairStatus;

/**
 * The frame of the tape: what flows in and out on the left, to and from programs, and out on the right, to the disk.
 *
 * @param written bytes a second that programs write
 * @param writing whether that is anything
 * @param buffersUsed RAM buffers with something in them, in eighths of all
 * @param buffers the same in words
 * @param read bytes a second that programs read
 * @param reading whether that is anything
 * @param disk bytes a second to the disk
 * @param moving whether that is anything
 * @param kind what the moving is: normal, urgent, a flush, or nothing
 * @param urgent whether room runs out
 * @param eta when it is expected to end; may be empty
 * @param reads where reads come from
 */
public record FlowViewModel(
        String written,
        boolean writing,
        int buffersUsed,
        String buffers,
        String read,
        boolean reading,
        String disk,
        boolean moving,
        String kind,
        boolean urgent,
        String eta,
        String reads) {
    /** Boxes that show the fill of the RAM buffers. */
    public static final int BUFFER_BOXES = 8;

    static FlowViewModel of(@Nullable PairStatus status, Recent recent) {
        if (status == null) {
            String none = Texts.get("flow.reads.none");
            return new FlowViewModel(
                    "–", false, 0, "", "–", false, "–", false, Texts.get("flow.kind.none"), false, "", none);
        }
        OptionalDouble hits = recent.hitRate();
        int total = Math.max(1, status.ramBuffersTotal());
        return new FlowViewModel(
                Quantities.rate(recent.comingIn()),
                recent.isComingIn(),
                Math.min(BUFFER_BOXES, (status.ramBuffers() * BUFFER_BOXES + total - 1) / total),
                Texts.get("flow.buffers", status.ramBuffers(), status.ramBuffersTotal()),
                Quantities.rate(recent.goingOut()),
                recent.isGoingOut(),
                Quantities.rate(toDisk(status, recent)),
                status.migration().running(),
                kind(status),
                status.migration().kind().equals("urgent"),
                status.migration().running() ? eta(status) : "",
                hits.isPresent()
                        ? Texts.get("flow.reads", Quantities.percent(hits.getAsDouble()))
                        : Texts.get("flow.reads.none"));
    }

    /** Bytes a second to the disk; once nothing moves any more that is at once 0, whatever the last seconds were like. */
    static double toDisk(PairStatus status, Recent recent) {
        return status.migration().running() ? recent.movingToDisk() : 0;
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
