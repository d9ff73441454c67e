package writeboost.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import writeboost.app.config.Environment;

/** What is kept by hand or made for the package says of commands and options what the program has. */
class ManPageTest {
    private static final Path PAGE = Path.of("..", "installer", "writeboost.1");
    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");
    private static final String COMMAND = ".SS writeboost ";
    private static final Set<String> OF_ALL = Set.of("--help", "--version");

    @Test
    void theManPageHasEveryCommandWithItsOptionsAndNoOthers() throws IOException {
        assertThat(commandsOfThePage()).isEqualTo(commandsOfTheProgram());
    }

    private static Map<String, Set<String>> commandsOfThePage() throws IOException {
        String text = Files.readString(PAGE).replace("\\-", "-");
        String commands = text.substring(text.indexOf(".SH COMMANDS"), text.indexOf(".SH EXIT STATUS"));
        return Arrays.stream(commands.split("(?m)^(?=\\.SS )"))
                .filter(section -> section.startsWith(COMMAND))
                .collect(Collectors.toMap(ManPageTest::nameIn, ManPageTest::optionsIn, (a, b) -> a, TreeMap::new));
    }

    private static String nameIn(String section) {
        return section.substring(COMMAND.length()).split("\\s", 2)[0];
    }

    private static Set<String> optionsIn(String section) {
        return OPTION.matcher(section).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, Set<String>> commandsOfTheProgram() {
        return program().getSubcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(command -> !command.usageMessage().hidden())
                .collect(Collectors.toMap(CommandSpec::name, ManPageTest::optionsOf, (a, b) -> a, TreeMap::new));
    }

    private static Set<String> optionsOf(CommandSpec command) {
        return command.options().stream()
                .map(OptionSpec::longestName)
                .filter(name -> !OF_ALL.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static CommandLine program() {
        Environment nowhere = Environment.of(Map.of(Environment.STATE_DIR, "/nowhere"), Map.of());
        Context.ServiceSource none = () -> {
            throw new IllegalStateException("no service is needed");
        };
        return new Program(new Context(none, Terminal.ofThisProcess(nowhere), new Interruption(), nowhere))
                .commandLine();
    }
}
