package writeboost.engine.figures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Prints the figures once, when all tests have ended: Maven has two processes take turns at the classes, and the one that ends last
 * prints, if {@code figures.print} is true. JUnit finds it by its name in {@code META-INF/services}.
 */
public final class Summary implements LauncherSessionListener {
    private static final boolean WANTED = Boolean.getBoolean("figures.print");

    private final Crew crew = new Crew(Path.of("target", "figures-crew"));

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (!WANTED) {
            return;
        }
        try {
            crew.join(ProcessHandle.current().pid());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        try {
            if (WANTED && crew.leave(ProcessHandle.current().pid())) {
                String summary = Figures.summary();
                if (!summary.isEmpty()) {
                    System.out.printf("==== figures (bars in brackets)%n%s====%n", summary);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
