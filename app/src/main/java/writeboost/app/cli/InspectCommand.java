package writeboost.app.cli;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import writeboost.app.control.Inspections;
import writeboost.app.control.Json;
import writeboost.engine.cache.Progress;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.inspect.BlockHistory;
import writeboost.engine.inspect.CacheSummary;
import writeboost.engine.inspect.Inspection;
import writeboost.engine.inspect.SegmentContent;
import writeboost.engine.inspect.SegmentInfo;

@Command(
        name = "inspect",
        description = "Show what a cache device (or an image of one) holds: its log, one segment, or one block of the"
                + " disk. Nothing is written; the cache may be in use.")
final class InspectCommand extends ProgramCommand {
    @Parameters(paramLabel = "PATH", description = "The cache device, or an image of one.")
    private String path = "";

    @Option(names = "--json", description = "As a JSON object; see docs/cli.md for its fields.")
    private boolean json;

    @Option(names = "--segment", paramLabel = "ID", description = "Show the chunks and entries of this segment.")
    private @Nullable Long segment;

    @Option(
            names = "--block",
            paramLabel = "ADDRESS",
            description = "Show all versions of this block of the disk (byte offset / 4096).")
    private @Nullable Long block;

    /** What is printed as JSON without an option. */
    record Whole(CacheSummary summary, List<SegmentInfo> segments) {}

    private record Answer(Object value, List<String> lines) {}

    InspectCommand(Context context) {
        super(context);
    }

    @Override
    public Integer call() throws IOException {
        Long id = segment;
        Long address = block;
        if (id != null && address != null) {
            throw usage("give --segment or --block, not both");
        }
        if (address != null && address < 0) {
            throw usage("--block is " + address + ", but must be 0 or more: byte offset on the disk / 4096");
        }
        Answer answer = askWithBar(
                "Reading " + path,
                progress -> Inspections.inspect(path, progress, inspection -> ask(inspection, id, address)));
        if (json) {
            say(Json.pretty(answer.value()));
        } else {
            answer.lines().forEach(this::say);
        }
        return ExitCodes.DONE;
    }

    private Answer ask(Inspection inspection, @Nullable Long id, @Nullable Long address) throws IOException {
        if (id != null) {
            SegmentContent content = segment(inspection, id);
            return new Answer(content, InspectText.lines(content, inspection.summary()));
        }
        if (address != null) {
            BlockHistory history =
                    inspection.block(address, context().interruption().over(Progress.NONE));
            return new Answer(history, InspectText.lines(history));
        }
        CacheSummary summary = inspection.summary();
        List<SegmentInfo> segments = inspection.segments();
        return new Answer(new Whole(summary, segments), InspectText.lines(summary, segments));
    }

    private SegmentContent segment(Inspection inspection, long id) throws IOException {
        return inspection
                .segment(id)
                .orElseThrow(() -> new EngineException(
                        ErrorCode.NOT_FOUND,
                        path + ": there is no segment " + id + " (any more); `writeboost inspect` lists those that are"
                                + " there by their ids"));
    }
}
