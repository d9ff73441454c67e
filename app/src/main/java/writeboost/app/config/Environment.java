package writeboost.app.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All system properties and environment variables that the program looks at, in one place. Immutable.
 *
 * <p>A system property ({@code -Dwriteboost.…}) overrides the XDG variable, which overrides its default. As the XDG
 * specification demands, a variable that is not an absolute path counts as unset.
 */
public final class Environment {
    /** Folder of the profiles; else $XDG_CONFIG_HOME/writeboost, else ~/.config/writeboost. */
    public static final String CONFIG_DIR = "writeboost.config.dir";
    /** Folder of the log; else $XDG_STATE_HOME/writeboost, else ~/.local/state/writeboost. */
    public static final String STATE_DIR = "writeboost.state.dir";
    /** Folder of the sockets; else $XDG_RUNTIME_DIR/writeboost, else a folder of the user's in the temp folder. */
    public static final String RUNTIME_DIR = "writeboost.runtime.dir";
    /** {@code file} (the default) or {@code stderr}: where the log goes. */
    public static final String LOG_TO = "writeboost.log.to";
    /** {@code error}, {@code warn}, {@code info} (the default) or {@code debug}: what the log holds. */
    public static final String LOG_LEVEL = "writeboost.log.level";

    private static final String APP_FOLDER = "writeboost";
    private static final List<String> XDG = List.of("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR");

    private final Map<String, String> properties;
    private final Map<String, String> variables;

    private Environment(Map<String, String> properties, Map<String, String> variables) {
        this.properties = properties;
        this.variables = variables;
    }

    /** The environment of this process. */
    public static Environment ofThisProcess() {
        Properties system = System.getProperties();
        Map<String, String> properties = new TreeMap<>();
        for (String name : system.stringPropertyNames()) {
            properties.put(name, system.getProperty(name, ""));
        }
        return new Environment(properties, System.getenv());
    }

    /** An environment made up by a test. */
    public static Environment of(Map<String, String> properties, Map<String, String> variables) {
        return new Environment(Map.copyOf(properties), Map.copyOf(variables));
    }

    /** Where the profiles are kept. */
    public Path configFolder() {
        return folder(CONFIG_DIR, "XDG_CONFIG_HOME", ".config");
    }

    /** Where the log is kept. */
    public Path stateFolder() {
        return folder(STATE_DIR, "XDG_STATE_HOME", ".local/state");
    }

    /** The file that the log goes to, unless it goes to stderr. */
    public Path logFile() {
        return stateFolder().resolve("writeboost.log");
    }

    /** Where the sockets are to lie; empty if the user has no run-time folder. */
    public Optional<Path> runtimeFolder() {
        String property = properties.get(RUNTIME_DIR);
        if (property != null) {
            return Optional.of(Path.of(property));
        }
        return absolute(variables.get("XDG_RUNTIME_DIR")).map(path -> path.resolve(APP_FOLDER));
    }

    /** The folder for what is thrown away. */
    public Path tempFolder() {
        return Path.of(properties.getOrDefault("java.io.tmpdir", "/tmp"));
    }

    /** The name of the user. */
    public String userName() {
        return properties.getOrDefault("user.name", "unknown");
    }

    /** Whether the log goes to stderr rather than into a file. */
    public boolean logsToStderr() {
        return "stderr".equals(properties.get(LOG_TO));
    }

    /** What the log holds. */
    public String logLevel() {
        return properties.getOrDefault(LOG_LEVEL, "info");
    }

    /** Whether the terminal asked for plain text (NO_COLOR, or TERM=dumb). */
    public boolean plainTerminal() {
        return !variables.getOrDefault("NO_COLOR", "").isEmpty() || "dumb".equals(variables.get("TERM"));
    }

    /** The width of the terminal in columns, where the shell tells it. */
    public int terminalColumns() {
        try {
            return Math.max(40, Integer.parseInt(variables.getOrDefault("COLUMNS", "80")));
        } catch (NumberFormatException e) {
            return 80;
        }
    }

    /** Whether there is an X display to open a window on, or JavaFX was told to do without one. */
    public boolean hasDisplay() {
        return !variables.getOrDefault("DISPLAY", "").isEmpty() || properties.containsKey("glass.platform");
    }

    /** The same, but all that the program keeps is in a folder, and so are its sockets. */
    public Environment within(Path folder) {
        Map<String, String> kept = new TreeMap<>(properties);
        kept.keySet().removeAll(List.of(CONFIG_DIR, STATE_DIR, RUNTIME_DIR));
        Map<String, String> changed = new TreeMap<>(variables);
        for (String variable : XDG) {
            changed.put(variable, folder.toAbsolutePath().toString());
        }
        return new Environment(kept, changed);
    }

    /** The variables that say where the program keeps things, as far as they are set. */
    public Map<String, String> xdgVariables() {
        Map<String, String> set = new TreeMap<>(variables);
        set.keySet().retainAll(XDG);
        return set;
    }

    /** The folders in which programs are looked for. */
    public String searchPath() {
        return variables.getOrDefault("PATH", "");
    }

    /** Options that the user gives to every Java. */
    public String javaToolOptions() {
        return variables.getOrDefault("JAVA_TOOL_OPTIONS", "");
    }

    /** The program that started this process, where it is one made for that. */
    public Optional<Path> launcher() {
        return absolute(properties.get("jpackage.app-path"));
    }

    /** Where the Java of this process is. */
    public Path javaHome() {
        return Path.of(properties.getOrDefault("java.home", "/usr"));
    }

    /** Where the classes of this process are. */
    public String classPath() {
        return properties.getOrDefault("java.class.path", "");
    }

    /** One line for the log: what this process runs on. */
    public String summary() {
        return "java " + properties.getOrDefault("java.version", "?")
                + ", " + properties.getOrDefault("os.name", "?")
                + " " + properties.getOrDefault("os.version", "?")
                + " " + properties.getOrDefault("os.arch", "?")
                + ", user " + userName()
                + ", config " + configFolder()
                + ", sockets " + runtimeFolder().map(Path::toString).orElse("in " + tempFolder());
    }

    private Path folder(String property, String variable, String inHome) {
        String value = properties.get(property);
        if (value != null) {
            return Path.of(value);
        }
        return absolute(variables.get(variable))
                .orElseGet(() -> home().resolve(inHome))
                .resolve(APP_FOLDER);
    }

    private Path home() {
        return absolute(variables.get("HOME")).orElseGet(() -> Path.of(properties.getOrDefault("user.home", "/")));
    }

    private static Optional<Path> absolute(@Nullable String value) {
        if (value == null || !value.startsWith("/")) {
            return Optional.empty();
        }
        return Optional.of(Path.of(value));
    }
}
