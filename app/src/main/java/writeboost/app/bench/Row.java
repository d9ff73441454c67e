package writeboost.app.bench;

import java.io.IOException;

/** One experiment, with one figure or more. Its name is what {@code --only} takes. */
public interface Row {
    /** Small letters, digits and hyphens. */
    String name();

    /** What it is about, in a few words. */
    String title();

    /** How it is measured, in a sentence or two: for who reads the report. */
    String method();

    /**
     * Measures.
     *
     * <p>Says why, rather than fails, where this machine lacks something. It calls {@link Workbench#check} wherever it can
     * end early, and leaves nothing running but what the workbench knows.
     *
     * @throws IOException if something that should have worked did not
     */
    Outcome measure(Workbench bench) throws IOException;
}
