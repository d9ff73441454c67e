package writeboost.app.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import writeboost.app.config.Environment;

/**
 * What the program reads from and prints to, and whether a person is at the other end.
 *
 * @param isOutTerminal whether {@code out} is a terminal that can redraw
 * @param isErrTerminal whether {@code err} is one
 * @param isInTerminal whether a person can answer questions
 */
public record Terminal(
        BufferedReader in,
        PrintWriter out,
        PrintWriter err,
        boolean isInTerminal,
        boolean isOutTerminal,
        boolean isErrTerminal,
        int columns) {

    /** The terminal of this process. */
    public static Terminal ofThisProcess(Environment environment) {
        boolean canRedraw = !environment.plainTerminal();
        return new Terminal(
                new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())),
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                isTerminal(0),
                isTerminal(1) && canRedraw,
                isTerminal(2) && canRedraw,
                environment.terminalColumns());
    }

    /** Asks a person; null if none answers. */
    @Nullable String ask(String question) throws IOException {
        err.print(question + " ");
        err.flush();
        return in.readLine();
    }

    /** System.console() tells of stdin and stdout together only, and no longer that from Java 22 on. */
    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
