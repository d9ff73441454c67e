package writeboost.app.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import writeboost.app.control.CacheService;
import writeboost.app.control.Json;
import writeboost.app.control.PairStatus;

@Command(name = "status", description = "Show what a pair is doing, and its figures.")
final class StatusCommand extends ServiceCommand {
    private static final long WATCH_INTERVAL_MS = 1000;
    private static final String HOME_AND_CLEAR = "\u001b[H\u001b[J";

    @Mixin
    private final NameParameter name = new NameParameter();

    @Option(names = "--json", description = "As a JSON object; see docs/cli.md for its fields.")
    private boolean json;

    @Option(names = "--watch", description = "Again every second, until Ctrl-C; with --json, an object per line.")
    private boolean watch;

    StatusCommand(Context context) {
        super(context);
    }

    @Override
    int run(CacheService service) throws IOException {
        show(service.status(name.name()));
        while (watch && !context().interruption().await(WATCH_INTERVAL_MS)) {
            show(service.status(name.name()));
        }
        return ExitCodes.DONE;
    }

    private void show(PairStatus status) {
        if (json) {
            say(watch ? Json.line(status) : Json.pretty(status));
            return;
        }
        if (watch && terminal().isOutTerminal()) {
            terminal().out().print(HOME_AND_CLEAR);
        }
        StatusText.lines(status).forEach(this::say);
        if (watch && !terminal().isOutTerminal()) {
            say("");
        }
    }
}
