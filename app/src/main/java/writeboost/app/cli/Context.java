package writeboost.app.cli;

import java.io.IOException;
import writeboost.app.config.Environment;
import writeboost.app.control.CacheService;

/** What every command is given. */
final class Context {
    /** Makes the service when a command first needs it: help and wrong usage need none. */
    @FunctionalInterface
    interface ServiceSource {
        CacheService open() throws IOException;
    }

    private final ServiceSource services;
    private final Terminal terminal;
    private final Interruption interruption;
    private final Environment environment;

    Context(ServiceSource services, Terminal terminal, Interruption interruption, Environment environment) {
        this.services = services;
        this.terminal = terminal;
        this.interruption = interruption;
        this.environment = environment;
    }

    /** The service; to be closed by the command. */
    CacheService service() throws IOException {
        return services.open();
    }

    Terminal terminal() {
        return terminal;
    }

    Interruption interruption() {
        return interruption;
    }

    Environment environment() {
        return environment;
    }

    ProgressBar progressBar(String title) {
        return new ProgressBar(terminal, title);
    }
}
