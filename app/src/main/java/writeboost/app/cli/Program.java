package writeboost.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;
import writeboost.app.config.Environment;
import writeboost.app.control.CacheService;
import writeboost.app.control.CacheServices;
import writeboost.app.control.Failures;

/** The command line as a whole: its commands, and how failures reach the user. */
public final class Program {
    private static final Logger LOG = LoggerFactory.getLogger(Program.class);

    private final Context context;

    Program(Context context) {
        this.context = context;
    }

    /**
     * Runs a command line.
     *
     * @return the exit code
     */
    int run(String... arguments) {
        CommandLine line = commandLine();
        PrintWriter out = context.terminal().out();
        PrintWriter err = context.terminal().err();
        int code = line.execute(arguments);
        out.flush();
        err.flush();
        return code;
    }

    /** The commands with their options, as a model; made anew at each call. */
    CommandLine commandLine() {
        CommandLine line = new CommandLine(new RootCommand(context));
        for (Object command : new Object[] {
            new DemoCommand(context),
            new BenchCommand(context),
            new BareDiskCommand(context),
            new CreateCommand(context),
            new ServeCommand(context),
            new ListCommand(context),
            new StatusCommand(context),
            new StopCommand(context),
            new RemoveCommand(context),
            new SyncCommand(context),
            new FlushCommand(context),
            new DropCommand(context),
            new SetCommand(context),
            new InspectCommand(context),
            new VerifyCommand(context),
            new ResolveCommand(context),
            new RescueCommand(context)
        }) {
            line.addSubcommand(command);
        }
        // for who installs the program, not for who uses it
        CommandLine completion = new CommandLine(new AutoComplete.GenerateCompletion());
        completion.getCommandSpec().usageMessage().hidden(true);
        line.addSubcommand(completion);
        line.setOut(context.terminal().out());
        line.setErr(context.terminal().err());
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(Math.min(120, context.terminal().columns()));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(this::wrongUsage);
        line.setExecutionExceptionHandler(this::failed);
        return line;
    }

    private int wrongUsage(CommandLine.ParameterException failure, String[] arguments) {
        String command = failure.getCommandLine().getCommandSpec().qualifiedName();
        complain(Failures.sentence(failure));
        context.terminal().err().println("See: " + command + " --help");
        return ExitCodes.USAGE;
    }

    private int failed(Exception failure, CommandLine line, ParseResult parsed) {
        if (failure instanceof IOException) {
            LOG.info("failed: {}", line.getCommandName(), failure);
            complain(Failures.sentence(failure));
        } else {
            LOG.error("unexpected failure: {}", line.getCommandName(), failure);
            complain("an error in the program itself (" + failure + "); please report it, with the log "
                    + context.environment().logFile());
        }
        return ExitCodes.of(failure);
    }

    private void complain(String sentence) {
        context.terminal().err().println("writeboost: " + sentence);
    }

    /** Runs the program in this process. */
    public static int runInThisProcess(Environment environment, Interruption interruption, String... arguments) {
        Terminal terminal = Terminal.ofThisProcess(environment);
        Context context = new Context(() -> CacheServices.ofThisUser(environment), terminal, interruption, environment);
        return new Program(context).run(arguments);
    }

    /** {@code writeboost} without a command. */
    @Command(
            name = "writeboost",
            mixinStandardHelpOptions = true,
            versionProvider = ProgramVersion.class,
            synopsisSubcommandLabel = "[COMMAND]",
            description = {
                "Makes a slow disk fast: a write cache on an SSD in front of it, served over NBD.",
                "Without a command it opens the window: on your pairs, or on the demo while there is none."
            },
            footer = {
                "",
                "Sizes are written like 512M or 64G. Exit status: 0 done, 1 failed or damage found, 2 wrong usage."
            })
    private static final class RootCommand implements java.util.concurrent.Callable<Integer> {
        private final Context context;

        RootCommand(Context context) {
            this.context = context;
        }

        @Override
        public Integer call() throws IOException {
            boolean hasPairs;
            try (CacheService service = context.service()) {
                hasPairs = !service.list().isEmpty();
            }
            return hasPairs ? WindowOpener.onPairs(context) : WindowOpener.onDemo(context);
        }
    }
}
