package writeboost.app.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import writeboost.app.control.Rescues;
import writeboost.engine.inspect.RescueReport;

@Command(
        name = "rescue",
        description = {
            "Write all intact data that waits on a cache device to its disk, also when the cache is too damaged to be"
                    + " served, and list by address what is lost.",
            "The cache device is only read: a rescue may be interrupted and repeated. Exit status 1 if something is"
                    + " lost."
        })
final class RescueCommand extends ProgramCommand {
    @Parameters(paramLabel = "PATH", description = "The cache device, or an image of one.")
    private String path = "";

    @Option(
            names = "--backing",
            required = true,
            paramLabel = "PATH",
            description = "The disk that the cache belongs to; any other is refused.")
    private String backing = "";

    @Option(names = "--dry-run", description = "Only tell what would be written; write nothing.")
    private boolean dryRun;

    RescueCommand(Context context) {
        super(context);
    }

    @Override
    public Integer call() throws IOException {
        RescueReport report = askWithBar(
                (dryRun ? "Looking at " : "Rescuing ") + path,
                progress -> Rescues.rescue(path, backing, dryRun, progress));
        new RescueText(this::say).print(report, dryRun ? "to be written" : "written to " + backing);
        return report.isComplete() ? ExitCodes.DONE : ExitCodes.FAILED;
    }
}
