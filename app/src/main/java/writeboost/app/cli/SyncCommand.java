package writeboost.app.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import writeboost.app.control.CacheService;

@Command(
        name = "sync",
        description = "Make everything written durable on the cache device. The disk alone is not safe to take away"
                + " after this; see flush.")
final class SyncCommand extends ServiceCommand {
    @Mixin
    private final NameParameter name = new NameParameter();

    SyncCommand(Context context) {
        super(context);
    }

    @Override
    int run(CacheService service) throws IOException {
        service.sync(name.name());
        say(name.name() + ": everything written is safe on the cache device.");
        return ExitCodes.DONE;
    }
}
