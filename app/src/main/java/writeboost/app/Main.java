package writeboost.app;

import writeboost.app.cli.Interruption;
import writeboost.app.cli.Program;
import writeboost.app.config.Environment;
import writeboost.app.config.Logging;

/** Where the program starts. */
public final class Main {
    private Main() {}

    /** Runs a command line and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Environment environment = Environment.ofThisProcess();
        Logging.start(environment);
        Interruption interruption = new Interruption();
        interruption.install();
        interruption.exit(Program.runInThisProcess(environment, interruption, arguments));
    }
}
