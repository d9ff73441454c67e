package writeboost.engine.inspect;

import java.util.ArrayList;
import java.util.List;

/** Collects what is found, up to a limit. */
final class Findings {
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long count;

    void add(Finding finding) {
        count++;
        if (findings.size() < Verifier.MAX_FINDINGS) {
            findings.add(finding);
        }
    }

    void note(String sentence) {
        notes.add(sentence);
    }

    long count() {
        return count;
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }
}
