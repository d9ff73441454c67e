package writeboost.app.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import writeboost.app.demo.Demo;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        sortOptions = false,
        description = {
            "Show what a cache gains: random writes to a modelled external hard disk, alone and with a cache in front"
                    + " of it.",
            "Needs some 400 MiB in the temp folder for the while, and touches nothing else."
        })
final class DemoCommand implements Callable<Integer> {
    private static final int MIN_SECONDS = 5;
    private static final int MAX_SECONDS = 3600;

    private final Context context;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli fills it in before the command runs
    private CommandSpec spec;

    @Option(names = "--headless", description = "In the terminal, with measurements, rather than in a window.")
    private boolean headless;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "30",
            description = "About how long it is to take in the terminal, " + MIN_SECONDS + ".." + MAX_SECONDS
                    + " (default: ${DEFAULT-VALUE}).")
    private int seconds;

    DemoCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        if (seconds < MIN_SECONDS || seconds > MAX_SECONDS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--seconds is " + seconds + ", but must be from " + MIN_SECONDS + " to " + MAX_SECONDS);
        }
        if (!headless) {
            return WindowOpener.onDemo(context);
        }
        return new Demo(context.environment(), seconds, new Onlooker()).run() ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    private final class Onlooker implements Demo.Audience {
        @Override
        public void say(String line) {
            context.terminal().out().println(line);
        }

        @Override
        public void watch(String title, Demo.Act act) throws IOException {
            try (ProgressBar bar = context.progressBar(title)) {
                act.run(context.interruption().over(bar));
                bar.done();
            }
        }

        @Override
        public boolean leaves() {
            return context.interruption().isRequested();
        }
    }
}
