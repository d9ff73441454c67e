package writeboost.app.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import writeboost.app.control.CacheService;

@Command(
        name = "remove",
        description = "Forget a pair that is not served. Both devices keep what is on them; refused while data waits on"
                + " the cache device.")
final class RemoveCommand extends ServiceCommand {
    @Mixin
    private final NameParameter name = new NameParameter();

    @Option(names = "--yes", description = "Also while data waits on the cache device.")
    private boolean yes;

    RemoveCommand(Context context) {
        super(context);
    }

    @Override
    int run(CacheService service) throws IOException {
        service.remove(name.name(), yes);
        say(name.name() + " is removed. Its devices keep what is on them.");
        return ExitCodes.DONE;
    }
}
