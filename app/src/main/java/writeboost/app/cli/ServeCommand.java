package writeboost.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import writeboost.app.config.Sizes;
import writeboost.app.control.CacheService;
import writeboost.app.control.ServeOptions;
import writeboost.app.control.Served;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

@Command(
        name = "serve",
        description = {
            "Serve pairs over NBD, in the foreground, until Ctrl-C, SIGTERM or `writeboost stop NAME`.",
            "Prints the NBD URI of each on a line of its own."
        })
final class ServeCommand extends ServiceCommand {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);
    private static final long LOOK_INTERVAL_MS = 200;

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "The pairs.")
    private List<String> names = List.of();

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "The NBD socket; else NAME.sock in the folder of the user's sockets.")
    private @Nullable String socket;

    @Option(names = "--tcp", paramLabel = "127.0.0.1:PORT", description = "Serve over loopback TCP too.")
    private @Nullable String tcp;

    ServeCommand(Context context) {
        super(context);
    }

    @Override
    int run(CacheService service) throws IOException {
        String socketPath =
                socket == null ? null : Path.of(socket).toAbsolutePath().toString();
        ServeOptions options = new ServeOptions(socketPath, tcp);
        Set<String> distinct = new LinkedHashSet<>(names);
        try {
            for (String name : distinct) {
                withBar("Opening " + name, progress -> announce(service.serve(name, options, progress), service));
            }
        } catch (EngineException e) {
            if (e.code() != ErrorCode.CANCELLED) {
                throw e;
            }
            terminal().err().println("Stopped while opening; nothing was changed.");
            return ExitCodes.DONE;
        }
        while (distinct.stream().anyMatch(service::serves)) {
            if (context().interruption().await(LOOK_INTERVAL_MS)) {
                terminal().err().println("Stopping.");
                break;
            }
        }
        // closing the service stops what still serves, and its failure is the command's
        return ExitCodes.DONE;
    }

    private void announce(Served served, CacheService service) throws IOException {
        served.uris().forEach(this::say);
        terminal()
                .err()
                .println(served.name() + " (" + Sizes.format(served.sizeBytes()) + "): "
                        + service.status(served.name()).sentence());
        LOG.info("serving {} at {}", served.name(), served.uris());
    }
}
