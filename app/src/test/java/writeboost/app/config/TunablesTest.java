package writeboost.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import writeboost.engine.cache.Settings;

class TunablesTest {
    @Test
    void namesAreThoseOfDmWriteboost() {
        assertThat(Tunables.toMap(Settings.DEFAULT).keySet())
                .contains(
                        "writeback_threshold",
                        "nr_max_batched_writeback",
                        "update_sb_record_interval",
                        "sync_data_interval",
                        "read_cache_threshold");
    }

    @Test
    void changedValuesChangeAndOthersStay() {
        Settings settings = Tunables.change(Settings.DEFAULT, Map.of("read_cache_threshold", " 0 "));

        assertThat(settings.readCacheThreshold()).isZero();
        assertThat(Tunables.change(settings, Map.of("read_cache_threshold", "32")))
                .isEqualTo(Settings.DEFAULT);
    }

    @Test
    void assignmentsAreSplitAtTheFirstEqualsSign() {
        assertThat(Tunables.split(List.of("a=1", "b=x=y", "c=")))
                .containsExactly(Map.entry("a", "1"), Map.entry("b", "x=y"), Map.entry("c", ""));
        assertThatThrownBy(() -> Tunables.split(List.of("a"))).hasMessageContaining("KEY=VALUE");
        assertThatThrownBy(() -> Tunables.split(List.of("=1"))).hasMessageContaining("KEY=VALUE");
        assertThatThrownBy(() -> Tunables.split(List.of("a=1", "a=2"))).hasMessageContaining("set twice");
    }
}
