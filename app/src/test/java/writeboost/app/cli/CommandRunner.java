package writeboost.app.cli;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.util.Map;
import writeboost.app.config.Environment;
import writeboost.app.control.CacheService;

/** Runs a command line on a service of a test's. */
public final class CommandRunner {
    private CommandRunner() {}

    /**
     * Runs it to its end, and closes the service.
     *
     * @return what it said on stdout
     * @throws IllegalStateException if it failed
     */
    public static String run(CacheService service, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(
                new BufferedReader(Reader.nullReader()),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                false,
                false,
                false,
                100);
        Environment environment = Environment.of(Map.of(), Map.of());
        int code = new Program(new Context(() -> service, terminal, new Interruption(), environment)).run(arguments);
        if (code != 0) {
            throw new IllegalStateException("exit status " + code + ": " + err);
        }
        return out.toString();
    }
}
