package writeboost.app.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import writeboost.app.control.CacheService;

@Command(
        name = "flush",
        description = "Move everything that waits on the cache device to the disk. Ctrl-C cancels; nothing is lost.")
final class FlushCommand extends ServiceCommand {
    @Mixin
    private final NameParameter name = new NameParameter();

    FlushCommand(Context context) {
        super(context);
    }

    @Override
    int run(CacheService service) throws IOException {
        withBar("Flushing " + name.name(), progress -> service.flush(name.name(), progress));
        say(name.name() + ": everything that was written before is on the disk.");
        return ExitCodes.DONE;
    }
}
