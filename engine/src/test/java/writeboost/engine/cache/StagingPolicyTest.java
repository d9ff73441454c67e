package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StagingPolicyTest {
    private final StagingPolicy policy = new StagingPolicy();

    @Test
    void aReadByItselfIsAsLongAsItIs() {
        assertThat(policy.note(100, 1)).isEqualTo(1);
        assertThat(policy.note(500, 8)).isEqualTo(8);
    }

    @Test
    void aReadAtBlockZeroBeginsAStream() {
        assertThat(policy.note(0, 4)).isEqualTo(4);
        assertThat(policy.note(4, 4)).isEqualTo(8);
    }

    @Test
    void readsThatFollowOneAnotherAddUp() {
        long run = 0;
        for (int i = 0; i < 50; i++) {
            run = policy.note(1000 + 4L * i, 4);
        }
        assertThat(run).isEqualTo(200);
    }

    @Test
    void aGapEndsAStream() {
        policy.note(0, 10);
        assertThat(policy.note(12, 1)).isEqualTo(1);
    }

    @Test
    void aStepBackEndsAStream() {
        policy.note(100, 10);
        assertThat(policy.note(105, 2)).isEqualTo(2);
    }

    @Test
    void severalStreamsAreToldApart() {
        for (int i = 0; i < 5; i++) {
            for (int stream = 0; stream < 16; stream++) {
                assertThat(policy.note(stream * 10_000L + 2L * i, 2)).isEqualTo(2L * (i + 1));
            }
        }
    }

    @Test
    void theStreamThatWasIdleLongestIsForgottenFirst() {
        for (int stream = 0; stream < 16; stream++) {
            policy.note(stream * 10_000L, 2);
        }
        policy.note(2, 2); // the first goes on
        policy.note(990_000, 1); // a new one: the second is forgotten
        assertThat(policy.note(4, 2)).isEqualTo(6);
        assertThat(policy.note(20_002, 2)).isEqualTo(4);
        assertThat(policy.note(10_002, 2)).as("forgotten, so it begins anew").isEqualTo(2);
    }

    @Test
    void anUnalignedStreamCountsEachBlockOnce() {
        // 6 KiB each: blocks 0-1, 1-2, 3-4, 4-5, ...: the second one begins in the block in which the first ended.
        assertThat(policy.note(0, 2)).isEqualTo(2);
        assertThat(policy.note(1, 2)).isEqualTo(3);
        assertThat(policy.note(3, 2)).isEqualTo(5);
        assertThat(policy.note(4, 2)).isEqualTo(6);
    }

    @Test
    void readingTheSameBlockAgainAndAgainIsNoStream() {
        long run = 0;
        for (int i = 0; i < 100; i++) {
            run = policy.note(7, 1);
        }
        assertThat(run).isEqualTo(1);
        assertThat(policy.note(8, 1))
                .as("the one behind it continues a stream of one")
                .isEqualTo(2);
    }
}
