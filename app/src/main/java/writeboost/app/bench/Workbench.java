package writeboost.app.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import writeboost.app.config.Environment;

/**
 * What rows work with: folders of their own, tools, the client, processes. Everything that the bench leaves on the machine
 * while it runs is in two folders, which closing deletes. Used by one thread.
 */
public final class Workbench implements Closeable {
    /** A slow disk may have much to write. */
    private static final int TOOL_TIMEOUT_SECONDS = 600;

    private static final String PREFIX = "wb-bench-";

    private final BenchOptions options;
    private final Audience audience;
    private final Environment environment;
    private final Path small;
    private final Path files;
    private final Path data;
    private final Path kept;
    private final Children children;
    private final Tools tools;
    private final LoadClient client;

    /** Who waits for the result. */
    public interface Audience {
        /** How far it is. */
        void say(String line);

        /** Whether they want it to end. */
        boolean leaves();
    }

    private Workbench(BenchOptions options, Environment environment, Audience audience, Path small, Path files)
            throws IOException {
        this.options = options;
        this.audience = audience;
        this.environment = environment;
        this.small = small;
        this.files = files;
        this.data = Files.createDirectory(files.resolve("row"));
        this.kept = Files.createDirectory(files.resolve("kept"));
        this.children = new Children(small, audience::leaves);
        this.tools = new Tools(environment.searchPath());
        this.client = client(audience);
    }

    /** The one client of all rows: fio beside peers, if it is there. */
    private LoadClient client(Audience audience) {
        if (!options.peers()) {
            return new OwnClient("its own client", audience::leaves);
        }
        Optional<Path> fio = tools.find("fio");
        if (fio.isPresent()) {
            return new FioClient(fio.get().toString(), children);
        }
        return new OwnClient("its own client; " + tools.missing(List.of("fio")).orElse(""), audience::leaves);
    }

    /** Makes the folders. */
    static Workbench open(BenchOptions options, Environment environment, Audience audience) throws IOException {
        Path small = Files.createTempDirectory( // paths of sockets must be short
                environment.tempFolder(),
                PREFIX,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path folder = options.folder();
        Path files = null;
        try {
            files = Files.createTempDirectory(folder == null ? small : folder, PREFIX);
            return new Workbench(options, environment.within(small), audience, small, files);
        } finally {
            if (files == null) {
                Files.delete(small);
            }
        }
    }

    /** What the user wants. */
    public BenchOptions options() {
        return options;
    }

    /** A folder for the files of disks and caches; empty at the beginning of each row. */
    public Path data() {
        return data;
    }

    /** A folder on the same file system for what takes long to make and serves several rows; they must not rely on its content. */
    Path kept() {
        return kept;
    }

    /** A folder for sockets and small files. */
    public Path small() {
        return small;
    }

    /** The environment in which our program keeps everything in the folder of this bench. */
    Environment environment() {
        return environment;
    }

    Children children() {
        return children;
    }

    Tools tools() {
        return tools;
    }

    LoadClient client() {
        return client;
    }

    /** Tells how far it is. */
    public void say(String line) {
        audience.say(line);
    }

    /**
     * Ends a row that may end.
     *
     * @throws IOException if the user wants the bench to end
     */
    public void check() throws IOException {
        if (audience.leaves()) {
            throw new EndedEarly();
        }
    }

    /** Runs a tool to its end. */
    void run(String tool, String... arguments) throws IOException {
        children.run(tool, words(tool, arguments), TOOL_TIMEOUT_SECONDS);
    }

    /** The same, also when the user wants the bench to end: for what must be undone. */
    void runToTheEnd(String tool, String... arguments) throws IOException {
        new Children(small, () -> false).run(tool, words(tool, arguments), TOOL_TIMEOUT_SECONDS);
    }

    private List<String> words(String tool, String... arguments) throws IOException {
        Path program = tools.find(tool).orElseThrow(() -> new IOException(tool + " is not installed"));
        List<String> words = new ArrayList<>(List.of(program.toString()));
        words.addAll(List.of(arguments));
        return words;
    }

    /** Whether the user wants the bench to end. */
    public boolean leaves() {
        return audience.leaves();
    }

    /** Ends what a row has left running, and deletes its files, but for those that are kept. */
    void clear() throws IOException {
        children.close();
        deleteIn(data);
        Path kept = environment.configFolder();
        if (Files.exists(kept)) {
            deleteIn(kept);
        }
    }

    @Override
    public void close() throws IOException {
        children.close();
        deleteIn(files);
        Files.deleteIfExists(files);
        deleteIn(small);
        Files.deleteIfExists(small);
    }

    private static void deleteIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(folder)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
