package writeboost.app.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import writeboost.app.config.Tunables;
import writeboost.app.control.CacheService;

@Command(
        name = "set",
        description = "Change settings, now and for later runs; without any, show them.",
        footer = {
            "",
            "  writeback_threshold        0..100, percent: data moves to the disk while clients keep it busy for less",
            "                             than this share of the time; 0: only when room runs out or on `flush`",
            "  nr_max_batched_writeback   1..32: segments that move in one batch",
            "  update_sb_record_interval  0..3600 s: how often progress of moving is recorded; 0: only with other things",
            "  sync_data_interval         0..3600 s: what is written is made durable at least this often; 0: only when",
            "                             a client or you ask",
            "  read_cache_threshold       0..127 blocks: longer sequential reads are not cached; 0: none are"
        })
final class SetCommand extends ServiceCommand {
    @Mixin
    private final NameParameter name = new NameParameter();

    @Parameters(index = "1..*", paramLabel = "KEY=VALUE", description = "Settings to change.")
    private List<String> assignments = List.of();

    SetCommand(Context context) {
        super(context);
    }

    @Override
    int run(CacheService service) throws IOException {
        Map<String, Object> settings =
                assignments.isEmpty() ? service.status(name.name()).settings() : service.set(name.name(), changes());
        settings.forEach((key, value) -> say(key + "=" + value));
        return ExitCodes.DONE;
    }

    private Map<String, String> changes() {
        try {
            return Tunables.split(assignments);
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }
}
