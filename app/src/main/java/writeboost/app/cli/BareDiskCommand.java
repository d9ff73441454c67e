package writeboost.app.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import writeboost.app.control.BareServing;
import writeboost.app.control.DemoHost;

/** For the benchmarks: a disk without a cache as a process of its own, for others to sit on. */
@Command(
        name = "bare-disk",
        hidden = true,
        description = "Serve a device without a cache, in the foreground, until Ctrl-C or SIGTERM.")
final class BareDiskCommand extends ProgramCommand {
    private static final long LOOK_INTERVAL_MS = 200;

    @Parameters(paramLabel = "NAME", description = "What the export is to be called.")
    private String name = "";

    @Parameters(paramLabel = "PATH", description = "The device, as for a pair.")
    private String device = "";

    BareDiskCommand(Context context) {
        super(context);
    }

    @Override
    public Integer call() throws IOException {
        try (DemoHost host = DemoHost.in(
                        context().environment().configFolder(), context().environment());
                BareServing serving = host.serveBare(name, device, 0)) {
            say(serving.uri());
            boolean ended = false;
            while (!ended) {
                ended = context().interruption().await(LOOK_INTERVAL_MS);
            }
        }
        return ExitCodes.DONE;
    }
}
