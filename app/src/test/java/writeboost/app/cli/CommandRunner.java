package writeboost.app.cli;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.util.Map;
import writeboost.app.config.Environment;
import writeboost.app.control.CacheService;

/** Runs command lines as in a pipe: nobody types, and what is said is kept. */
public final class CommandRunner {
    /** For commands that need none. */
    static final Context.ServiceSource NO_SERVICE = () -> {
        throw new IllegalStateException("no service is needed");
    };

    private CommandRunner() {}

    /**
     * Runs a command on a service to its end, and closes the service.
     *
     * @return what it said on stdout
     * @throws IllegalStateException if it failed
     */
    public static String run(CacheService service, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Environment environment = Environment.of(Map.of(), Map.of());
        int code = program(() -> service, environment, new Interruption(), out, err)
                .run(arguments);
        if (code != 0) {
            throw new IllegalStateException("exit status " + code + ": " + err);
        }
        return out.toString();
    }

    /** The program, saying everything to these. */
    static Program program(
            Context.ServiceSource source,
            Environment environment,
            Interruption interruption,
            StringWriter out,
            StringWriter err) {
        Terminal terminal = new Terminal(
                new BufferedReader(Reader.nullReader()),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                false,
                false,
                false,
                100);
        return new Program(new Context(source, terminal, interruption, environment));
    }
}
