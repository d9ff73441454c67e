package writeboost.app.cli;

import picocli.CommandLine.Parameters;

/** The name of an existing pair, as a parameter. */
final class NameParameter {
    @Parameters(paramLabel = "NAME", description = "The pair.")
    private String name = "";

    String name() {
        return name;
    }
}
