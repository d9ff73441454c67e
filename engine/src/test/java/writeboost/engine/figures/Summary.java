package writeboost.engine.figures;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/** Prints the figures once, when all tests have ended. JUnit finds it by its name in {@code META-INF/services}. */
public final class Summary implements TestExecutionListener {
    @Override
    public void testPlanExecutionFinished(TestPlan testPlan) {
        try {
            String summary = Figures.summary();
            if (!summary.isEmpty()) {
                System.out.printf("==== figures (bars in brackets)%n%s====%n", summary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
