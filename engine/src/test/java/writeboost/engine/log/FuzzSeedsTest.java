package writeboost.engine.log;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays what the fuzzer begins with, and what it has found. */
class FuzzSeedsTest {
    @ParameterizedTest
    @MethodSource("writeboost.engine.log.SuperblockFuzz#seeds")
    void superblocksAreStood(byte[] input) throws Exception {
        new SuperblockFuzz().run(input);
    }

    @ParameterizedTest
    @MethodSource("writeboost.engine.log.CheckpointFuzz#seeds")
    void checkpointsAreStood(byte[] input) {
        new CheckpointFuzz().run(input);
    }

    @ParameterizedTest
    @MethodSource("writeboost.engine.log.ChunkHeaderFuzz#seeds")
    void chunkHeadersAreStood(byte[] input) {
        new ChunkHeaderFuzz().run(input);
    }

    @ParameterizedTest
    @MethodSource("writeboost.engine.log.FuzzImageSeeds#all")
    void spoiltCachesAreReplayedOrRefused(byte[] input) throws Exception {
        new ReplayFuzz().run(input);
    }
}
