package writeboost.app.cli;

import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import writeboost.app.control.CacheService;
import writeboost.app.control.Json;
import writeboost.app.control.PairSummary;

@Command(name = "list", description = "List all pairs and what they are doing.")
final class ListCommand extends ServiceCommand {
    @Option(names = "--json", description = "As a JSON array.")
    private boolean json;

    ListCommand(Context context) {
        super(context);
    }

    @Override
    int run(CacheService service) throws IOException {
        List<PairSummary> pairs = service.list();
        if (json) {
            say(Json.pretty(pairs));
        } else if (pairs.isEmpty()) {
            say("There is no pair yet. `writeboost create` makes one; `writeboost demo` shows what it gains.");
        } else {
            for (PairSummary pair : pairs) {
                say(pair.name() + ": " + pair.sentence());
                if (pair.backing() != null) {
                    say("    " + pair.cache() + " in front of " + pair.backing());
                }
            }
        }
        return ExitCodes.DONE;
    }
}
