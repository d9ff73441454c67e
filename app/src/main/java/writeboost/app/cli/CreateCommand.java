package writeboost.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import writeboost.app.config.PairName;
import writeboost.app.config.Sizes;
import writeboost.app.config.Tunables;
import writeboost.app.control.CacheService;
import writeboost.app.control.DeviceContent;
import writeboost.app.control.NewPair;

@Command(
        name = "create",
        description = {
            "Make a pair: format the cache device and remember both devices under a name.",
            "The backing device keeps its content. What is on the cache device is lost; unless it is empty, you are"
                    + " asked first."
        })
final class CreateCommand extends ServiceCommand {
    private static final String HDD_PREFIX = "hdd:";

    @Parameters(paramLabel = "NAME", description = "What the pair is to be called.")
    private String name = "";

    @Option(
            names = "--backing",
            required = true,
            paramLabel = "PATH",
            description = "The slow disk: a block device or an image file; hdd:FILE is served as slowly as a"
                    + " modelled external hard disk.")
    private String backing = "";

    @Option(
            names = "--cache",
            required = true,
            paramLabel = "PATH",
            description = "The fast device: an SSD partition or a file.")
    private String cache = "";

    @Option(
            names = "--cache-size",
            paramLabel = "SIZE",
            description = "Make the cache file, of this size, such as 512M or 64G.")
    private @Nullable String cacheSize;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting; may be repeated. See `set --help`.")
    private List<String> settings = new ArrayList<>();

    @Option(names = "--yes", description = "Overwrite what is on the cache device without asking.")
    private boolean yes;

    CreateCommand(Context context) {
        super(context);
    }

    @Override
    int run(CacheService service) throws IOException {
        NewPair wanted = wanted();
        DeviceContent content = service.examine(wanted.cache());
        if (content.exists() && wanted.cacheBytes() != 0) {
            throw usage(wanted.cache() + " exists already, with " + Sizes.format(content.bytes())
                    + "; leave --cache-size away to use it as it is, or name another file");
        }
        if (!content.exists() && wanted.cacheBytes() == 0) {
            throw usage(wanted.cache() + " does not exist; add --cache-size SIZE to have the file made");
        }
        boolean overwrite = yes;
        if (content.found() != null && !yes) {
            overwrite = confirms(content);
            if (!overwrite) {
                terminal().err().println("Nothing was changed.");
                return ExitCodes.FAILED;
            }
        }
        NewPair pair = new NewPair(
                wanted.name(), wanted.backing(), wanted.cache(), wanted.cacheBytes(), wanted.settings(), overwrite);
        withBar("Formatting " + pair.cache(), progress -> service.create(pair, progress));
        say("Created " + name + ". Serve it with: writeboost serve " + name);
        return ExitCodes.DONE;
    }

    private NewPair wanted() {
        try {
            return new NewPair(
                    PairName.check(name),
                    absolute(backing),
                    absolute(cache),
                    cacheSize == null ? 0 : positive(Sizes.parse(cacheSize)),
                    Tunables.split(settings),
                    false);
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    /** Asks the user's word for exactly this device. */
    private boolean confirms(DeviceContent content) throws IOException {
        String what = content.path() + " (" + Sizes.format(content.bytes()) + ") holds " + content.found()
                + ", which would be lost";
        if (!terminal().isInTerminal()) {
            throw usage(what + "; say --yes to overwrite exactly this device");
        }
        terminal().err().println(what + ".");
        String answer = terminal().ask("Overwrite " + content.path() + "? Type yes to do so:");
        return answer != null && answer.trim().toLowerCase(Locale.ROOT).equals("yes");
    }

    private static long positive(long bytes) {
        if (bytes == 0) {
            throw new IllegalArgumentException("--cache-size is 0; write one like 512M or 64G");
        }
        return bytes;
    }

    /** A profile is used from any working folder. Links stay as they are: /dev/disk/by-id names are links. */
    private static String absolute(String path) {
        if (path.startsWith(HDD_PREFIX)) {
            return HDD_PREFIX + absolute(path.substring(HDD_PREFIX.length()));
        }
        return Path.of(path).toAbsolutePath().normalize().toString();
    }
}
