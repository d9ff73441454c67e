package writeboost.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a load means, to fio and to our own client. */
class LoadTest {
    private static final long MIB = 1 << 20;

    @Test
    void fioIsToldAllOfIt() {
        Load load = Load.randomWrites(64 * MIB)
                .depth(8)
                .clients(4)
                .forSeconds(3)
                .flushing(Load.Flush.AFTER_EACH)
                .zipf(1.1);

        assertThat(FioClient.arguments(load))
                .contains("--rw=randwrite", "--bs=4096", "--iodepth=8", "--size=67108864", "--numjobs=4")
                .contains("--group_reporting", "--runtime=3", "--time_based", "--fsync=1", "--norandommap")
                .contains("--random_distribution=zipf:1.1");
    }

    @Test
    void whatEndsAfterSoMuchIsNotGoneOnWithUntilTheTimeIsOver() {
        assertThat(FioClient.arguments(Load.sequentialWrites(64 * MIB)))
                .contains("--rw=write", "--bs=1048576", "--io_size=67108864", "--end_fsync=1")
                .doesNotContain("--time_based");
    }

    @Test
    void eachOnceIsEachPlaceOnce() {
        Load load = Load.randomReads(MIB).onceEach();
        Places places = new Places(load);
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 256; i++) {
            seen.add(places.next());
        }

        assertThat(seen).hasSize(256).allMatch(place -> place >= 0 && place < MIB && place % 4096 == 0);
        assertThat(FioClient.arguments(load)).contains("--io_size=1048576").doesNotContain("--norandommap");
    }

    @Test
    void sequentialPlacesFollowOneAnother() {
        Places places = new Places(Load.sequentialReads(3 * MIB));

        assertThat(new long[] {places.next(), places.next(), places.next(), places.next()})
                .containsExactly(0, MIB, 2 * MIB, 0);
    }

    @Test
    void ofZipfPlacesFewComeOftenAndAllAreInTheRegion() {
        Zipf zipf = new Zipf(1000, 1.1, new SplittableRandom(1));
        Map<Integer, Integer> times = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            times.merge(zipf.next(), 1, Integer::sum);
        }

        assertThat(times.keySet()).allMatch(number -> number >= 0 && number < 1000);
        assertThat(times).hasSizeGreaterThan(900); // 1/1000^1.1 of 100,000 is some nine
        // 1 / sum(1 / k^1.1) is 0.18
        assertThat(times.values().stream().mapToInt(Integer::intValue).max().orElse(0))
                .isBetween(16_000, 20_000);
    }
}
