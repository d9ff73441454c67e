package writeboost.engine.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrewTest {
    @TempDir
    Path folder;

    private final Set<Long> alive = new HashSet<>(List.of(7L, 12L, 100_000L));

    @Test
    void onlyTheLastOneThatLeavesIsTheLast() throws IOException {
        crew().join(7);
        crew().join(100_000);
        crew().join(12);
        assertThat(crew().leave(100_000)).isFalse();
        assertThat(crew().leave(7)).isFalse();
        assertThat(crew().leave(12)).isTrue();
    }

    @Test
    void whoDiedWithoutLeavingIsNotWaitedFor() throws IOException {
        crew().join(12);
        crew().join(7);
        alive.remove(12L);
        assertThat(crew().leave(7)).isTrue();
    }

    @Test
    void afterTheLastOneANewCrewBegins() throws IOException {
        crew().join(7);
        assertThat(crew().leave(7)).isTrue();
        crew().join(12);
        crew().join(7);
        assertThat(crew().leave(12)).isFalse();
        assertThat(crew().leave(7)).isTrue();
    }

    private Crew crew() {
        return new Crew(folder.resolve("crew"), alive::contains);
    }
}
