package writeboost.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import writeboost.app.control.CacheService;
import writeboost.app.control.Resolution;
import writeboost.engine.inspect.RescueReport;

@Command(
        name = "resolve",
        description = {
            "Decide about data that waits on the cache of a pair whose disk was changed without it, for example by"
                    + " mounting it on another machine. Such a pair is refused: writing the data now could destroy what"
                    + " was changed. Start with --export: it changes nothing."
        })
final class ResolveCommand extends ServiceCommand {
    @Mixin
    private final NameParameter name = new NameParameter();

    @ArgGroup(multiplicity = "1")
    private Choice choice = new Choice();

    @Option(names = "--yes", description = "Don't ask for the name of the pair to be typed.")
    private boolean yes;

    /** One of them. */
    private static final class Choice {
        @Option(
                names = "--export",
                paramLabel = "DIR",
                description = "Copy the data to a new folder, as an image of the disk with a list of what counts in it."
                        + " Changes nothing else.")
        private @Nullable String folder;

        @Option(names = "--discard", description = "The disk is right: give the data up.")
        private boolean discard;

        @Option(
                names = "--force",
                description = "The cache is right: write the data to the disk, over what was changed there.")
        private boolean force;
    }

    ResolveCommand(Context context) {
        super(context);
    }

    @Override
    int run(CacheService service) throws IOException {
        Resolution resolution = resolution();
        if (resolution.kind() != Resolution.Kind.EXPORT && !yes && !confirms(resolution)) {
            terminal().err().println("Nothing was changed.");
            return ExitCodes.FAILED;
        }
        Optional<RescueReport> report =
                askWithBar(title(resolution), progress -> service.resolve(name.name(), resolution, progress));
        String done = resolution.kind() == Resolution.Kind.EXPORT ? "copied" : "written";
        report.ifPresent(r -> new RescueText(this::say).print(r, done));
        boolean taken = report.map(r -> r.refused().isEmpty()).orElse(true);
        say(name.name() + ": " + conclusion(resolution, taken));
        return report.map(RescueReport::isComplete).orElse(true) ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    private Resolution resolution() {
        if (choice.folder != null) {
            return Resolution.export(
                    Path.of(choice.folder).toAbsolutePath().normalize().toString());
        }
        if (choice.discard) {
            return Resolution.discard();
        }
        if (choice.force) {
            return Resolution.force();
        }
        throw usage("say one of --export DIR, --discard, --force");
    }

    /** Asks the user's word for exactly this pair. */
    private boolean confirms(Resolution resolution) throws IOException {
        String what = resolution.kind() == Resolution.Kind.DISCARD
                ? "The data that waits on the cache of " + name.name() + " will be gone"
                : "The data that waits on the cache of " + name.name() + " will be written over what was changed on the"
                        + " disk; a file system that was used meanwhile will be damaged";
        if (!terminal().isInTerminal()) {
            throw usage(what + "; say --yes if that is wanted");
        }
        terminal().err().println(what + ".");
        String answer = terminal().ask("Type the name of the pair to go on:");
        return answer != null && answer.trim().equals(name.name());
    }

    private String title(Resolution resolution) {
        return switch (resolution.kind()) {
            case EXPORT -> "Copying what waits for " + name.name();
            case FORCE -> "Writing what waits for " + name.name();
            case DISCARD -> "Emptying the cache of " + name.name();
        };
    }

    private String conclusion(Resolution resolution, boolean taken) {
        return switch (resolution.kind()) {
            case EXPORT -> "copied to " + resolution.folder() + ". The cache and the disk are unchanged.";
            case DISCARD -> "the cache is empty now, the disk stays as it is. It can be served again.";
            case FORCE ->
                taken
                        ? "the data is on the disk and the cache is empty. It can be served again."
                        : "the disk does not take all of the data, so the cache keeps it.";
        };
    }
}
