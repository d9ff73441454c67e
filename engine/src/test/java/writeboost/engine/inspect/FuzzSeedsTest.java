package writeboost.engine.inspect;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays what the fuzzer begins with, and what it has found. */
class FuzzSeedsTest {
    @ParameterizedTest
    @MethodSource("writeboost.engine.log.FuzzImageSeeds#all")
    void spoiltCachesAreLookedAtOrRefused(byte[] input) throws Exception {
        new InspectFuzz().run(input);
    }
}
