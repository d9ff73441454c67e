package writeboost.app.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import writeboost.app.control.CacheService;

@Command(name = "drop", description = "Flush, then forget every cached block. Ctrl-C cancels; nothing is lost.")
final class DropCommand extends ServiceCommand {
    @Mixin
    private final NameParameter name = new NameParameter();

    DropCommand(Context context) {
        super(context);
    }

    @Override
    int run(CacheService service) throws IOException {
        withBar("Flushing " + name.name(), progress -> service.drop(name.name(), progress));
        say(name.name() + ": everything is on the disk, and the cache is empty.");
        return ExitCodes.DONE;
    }
}
