package writeboost.engine.nbd;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays what the fuzzer begins with, and what it has found. */
class FuzzSeedsTest {
    @ParameterizedTest
    @MethodSource("writeboost.engine.nbd.HandshakeFuzz#seeds")
    void handshakesAreStood(byte[] input) throws Exception {
        new HandshakeFuzz().run(input);
    }

    @ParameterizedTest
    @MethodSource("writeboost.engine.nbd.RequestFuzz#seeds")
    void requestsAreStood(byte[] input) throws Exception {
        new RequestFuzz().run(input);
    }
}
