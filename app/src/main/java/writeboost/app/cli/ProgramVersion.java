package writeboost.app.cli;

import picocli.CommandLine.IVersionProvider;
import writeboost.app.config.Version;

/** What {@code --version} prints. */
final class ProgramVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"writeboost " + Version.text()};
    }
}
