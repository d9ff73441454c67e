package writeboost.engine.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MigrationProgressTest {
    private static final long SECOND = 1_000_000_000;

    private final MigrationProgress progress = new MigrationProgress();

    @Test
    void atRestThereIsNothing() {
        assertThat(progress.status()).isEqualTo(new Writeback.Status(false, "none", 0, 0, -1, 0));
    }

    @Test
    void theTimeLeftIsUnknownUntilTheSpeedIsKnown() {
        progress.begin("flush", 1000, 0);
        progress.wrote(10, SECOND / 2);
        Writeback.Status s = progress.status();
        assertThat(s.running()).isTrue();
        assertThat(s.kind()).isEqualTo("flush");
        assertThat(s.doneBlocks()).isEqualTo(10);
        assertThat(s.totalBlocks()).isEqualTo(1000);
        assertThat(s.etaSeconds()).isNegative();
    }

    @Test
    void theTimeLeftFollowsFromTheSpeed() {
        progress.begin("flush", 1000, 0);
        progress.wrote(100, SECOND);
        assertThat(progress.status().blocksPerSecond()).isEqualTo(100);
        assertThat(progress.status().etaSeconds()).isEqualTo(9);
        progress.wrote(200, 2 * SECOND);
        assertThat(progress.status().blocksPerSecond()).isEqualTo(0.3 * 200 + 0.7 * 100, within(1e-9));
    }

    @Test
    void batchesOfOneKindAddUp() {
        progress.begin("normal", 500, 0);
        progress.wrote(200, SECOND);
        progress.begin("normal", 300, SECOND);
        progress.wrote(300, 2 * SECOND);
        assertThat(progress.status().doneBlocks()).isEqualTo(500);
        assertThat(progress.status().totalBlocks()).isEqualTo(500);
        assertThat(progress.status().etaSeconds()).isZero();
    }

    @Test
    void whatIsWrittenMeanwhileRaisesTheTotalNeverLowersIt() {
        progress.begin("normal", 500, 0);
        progress.wrote(200, SECOND);
        progress.begin("normal", 900, SECOND);
        assertThat(progress.status().totalBlocks()).isEqualTo(1100);
        progress.begin("normal", 10, SECOND);
        assertThat(progress.status().totalBlocks()).isEqualTo(1100);
    }

    @Test
    void doneIsNeverMoreThanTheTotal() {
        progress.begin("normal", 5, 0);
        progress.wrote(50, SECOND);
        assertThat(progress.status().totalBlocks()).isEqualTo(50);
        assertThat(progress.status().etaSeconds()).isZero();
    }

    @Test
    void anotherKindBeginsAnew() {
        progress.begin("normal", 500, 0);
        progress.wrote(200, SECOND);
        progress.begin("urgent", 700, SECOND);
        assertThat(progress.status().doneBlocks()).isZero();
        assertThat(progress.status().totalBlocks()).isEqualTo(700);
        progress.end();
        assertThat(progress.status().running()).isFalse();
        assertThat(progress.status().kind()).isEqualTo("none");
        assertThat(progress.status().etaSeconds()).isNegative();
    }
}
