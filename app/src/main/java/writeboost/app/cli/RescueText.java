package writeboost.app.cli;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import writeboost.app.config.Sizes;
import writeboost.engine.inspect.RescueReport;
import writeboost.engine.inspect.RescueReport.Range;

/** Tells what a rescue found. */
final class RescueText {
    private final Consumer<String> out;

    RescueText(Consumer<String> out) {
        this.out = out;
    }

    /**
     * Prints a report.
     *
     * @param done what was done with what is intact
     */
    void print(RescueReport report, String done) {
        print(report.lost());
        print(report.refused());
        for (long chunk : report.goneChunks()) {
            out.accept("Chunk " + chunk + " of the log is gone. It held up to 127 blocks, and nobody knows which; of"
                    + " these the disk has older data.");
        }
        String zeroed = report.zeroedBytes() == 0 ? "" : ", " + Sizes.format(report.zeroedBytes()) + " zeroed";
        out.accept(Sizes.format(report.savedBytes()) + " intact and " + done + zeroed + "; "
                + (report.lost().isEmpty() ? "nothing" : Sizes.format(report.lostBytes())) + " lost.");
    }

    private void print(List<Range> ranges) {
        for (Range range : ranges) {
            out.accept(String.format(
                    Locale.ROOT,
                    "Bytes %d to %d of the disk (%s): %s.",
                    range.offsetBytes(),
                    range.offsetBytes() + range.lengthBytes() - 1,
                    Sizes.format(range.lengthBytes()),
                    range.why()));
        }
    }
}
