package writeboost.app.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import writeboost.app.config.Environment;

/** This program, to be started once more as a process of its own, in the way in which it was started now. */
final class OwnProgram {
    private static final String MAIN = "writeboost.app.Main";
    /** Options of java behind which its own come no more. */
    private static final List<String> LAST_OPTIONS = List.of("-jar", "-cp", "-classpath", "--class-path", MAIN);
    /** Read by every Java; may say where the user's own things are kept. */
    private static final String JAVA_OPTIONS = "JAVA_TOOL_OPTIONS";

    private OwnProgram() {}

    /** The words that start it, its arguments apart. */
    static List<String> command(Environment environment) {
        if (environment.launcher().isPresent()) {
            return List.of(environment.launcher().get().toString());
        }
        List<String> command = new ArrayList<>();
        command.add(environment.javaHome().resolve("bin").resolve("java").toString());
        String[] arguments = ProcessHandle.current().info().arguments().orElse(new String[0]);
        command.addAll(javaOptions(List.of(arguments)));
        command.addAll(List.of("-cp", environment.classPath(), MAIN));
        return command;
    }

    /** Of the words that started a Java, those that are options for it, without those that say where to keep things. */
    static List<String> javaOptions(List<String> words) {
        List<String> options = new ArrayList<>();
        for (String word : words) {
            if (LAST_OPTIONS.contains(word) || !word.startsWith("-")) {
                return options;
            }
            if (!word.startsWith("-Dwriteboost.")) {
                options.add(word);
            }
        }
        return List.of(); // no program was named: this is not how java is started
    }

    /** What it must find in its environment to keep everything where this environment has it. */
    static Map<String, String> variables(Environment environment) {
        Map<String, String> variables = new HashMap<>(environment.xdgVariables());
        String options = environment.javaToolOptions();
        if (options.contains("-Dwriteboost.")) {
            variables.put(
                    JAVA_OPTIONS, options.replaceAll("-Dwriteboost\\.\\S*", "").trim());
        }
        return variables;
    }
}
