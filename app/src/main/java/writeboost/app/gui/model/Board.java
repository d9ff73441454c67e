package writeboost.app.gui.model;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the window shows but the tape and the chart, at one instant.
 *
 * @param snapshotId of the figures; 0 if there are none
 * @param headId of the segment that is written; 0 if that is not known
 * @param waits whether anything is left to move to the disk
 * @param action that runs; null if none does
 */
public record Board(
        long snapshotId,
        HeaderViewModel header,
        long headId,
        boolean waits,
        FlowViewModel flow,
        LegendViewModel legend,
        List<FigureViewModel> figures,
        Optional<Notice> notice,
        EventLine event,
        @Nullable ActionViewModel action) {}
