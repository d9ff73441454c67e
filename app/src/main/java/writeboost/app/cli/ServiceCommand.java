package writeboost.app.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import writeboost.app.control.CacheService;
import writeboost.engine.cache.Progress;

/** A command that asks something of the service. */
@Command(mixinStandardHelpOptions = true, versionProvider = ProgramVersion.class, sortOptions = false)
abstract class ServiceCommand implements Callable<Integer> {
    private final Context context;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli fills it in before the command runs
    private CommandSpec spec;

    ServiceCommand(Context context) {
        this.context = context;
    }

    @Override
    public final Integer call() throws IOException {
        try (CacheService service = context.service()) {
            return run(service);
        }
    }

    /** Does it; returns the exit code. */
    abstract int run(CacheService service) throws IOException;

    final Context context() {
        return context;
    }

    final Terminal terminal() {
        return context.terminal();
    }

    final void say(String line) {
        terminal().out().println(line);
    }

    /** Something that reports how far it is. */
    @FunctionalInterface
    interface LongAction {
        void run(Progress progress) throws IOException;
    }

    /** Runs it under a bar; a signal cancels it. */
    final void withBar(String title, LongAction action) throws IOException {
        try (ProgressBar bar = context.progressBar(title)) {
            action.run(context.interruption().over(bar));
            bar.done();
        }
    }

    /** Wrong usage, found after parsing. */
    final ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
