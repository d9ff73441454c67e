package writeboost.app.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import writeboost.app.control.CacheService;

@Command(
        name = "stop",
        description = "Stop serving a pair: what clients were told is written is made durable on the cache first.")
final class StopCommand extends ServiceCommand {
    @Mixin
    private final NameParameter name = new NameParameter();

    StopCommand(Context context) {
        super(context);
    }

    @Override
    int run(CacheService service) throws IOException {
        service.stop(name.name());
        say(name.name() + " is stopped.");
        return ExitCodes.DONE;
    }
}
