package writeboost.engine.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Which commit is checked out: a seed means the same only with the same code. */
final class Commit {
    private Commit() {}

    /** Its hash; "unknown" outside a clone. */
    static String current() {
        try {
            for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
                Path git = at.resolve(".git");
                if (Files.isDirectory(git)) {
                    return read(git);
                }
            }
        } catch (IOException e) {
            return "unknown";
        }
        return "unknown";
    }

    private static String read(Path git) throws IOException {
        String head = Files.readString(git.resolve("HEAD")).strip();
        if (!head.startsWith("ref: ")) {
            return head;
        }
        Path ref = git.resolve(head.substring(5));
        if (Files.exists(ref)) {
            return Files.readString(ref).strip();
        }
        Path packed = git.resolve("packed-refs");
        return (Files.exists(packed) ? Files.readAllLines(packed).stream() : Stream.<String>of())
                .filter(line -> line.endsWith(" " + head.substring(5)))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .findFirst()
                .orElse("unknown");
    }
}
