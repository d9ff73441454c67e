package writeboost.app.cli;

import java.io.IOException;
import writeboost.app.control.CacheService;

/** A command that asks something of the service. */
abstract class ServiceCommand extends ProgramCommand {
    ServiceCommand(Context context) {
        super(context);
    }

    @Override
    public final Integer call() throws IOException {
        try (CacheService service = context().service()) {
            return run(service);
        }
    }

    /** Does it; returns the exit code. */
    abstract int run(CacheService service) throws IOException;
}
