package writeboost.engine.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import writeboost.engine.task.ForwardingTasks;
import writeboost.engine.task.ThreadTasks;

class GatheringTest {
    private final List<Long> rests = new ArrayList<>();
    private final ForwardingTasks tasks = new ForwardingTasks(new ThreadTasks((thread, e) -> {})) {
        @Override
        public void sleep(long durationNs) {
            rests.add(durationNs);
        }
    };
    private final Gathering gathering = new Gathering(tasks, true);

    @Test
    void whoSendsOneRequestAtATimeIsNeverWaitedFor() {
        for (int i = 0; i < 1000; i++) {
            gathering.received(1, true);
        }
        assertThat(rests).isEmpty();
    }

    @Test
    void afterSeveralTogetherTheThreadRests() {
        gathering.received(2, true);
        assertThat(rests).containsExactly(Limits.GATHER_NS);
    }

    @Test
    void itDoesSoUntilSoManyReceiptsInARowHaveBroughtASingleOne() {
        gathering.received(5, true);
        for (int i = 0; i < 1000; i++) {
            gathering.received(1, true);
        }
        assertThat(rests).hasSize(Gathering.RECEIPTS);
        gathering.received(2, true);
        gathering.received(1, true);
        assertThat(rests).hasSize(Gathering.RECEIPTS + 2);
    }

    @Test
    void aReceiptThatBringsNoWholeRequestCountsAsASingleOne() {
        gathering.received(2, true);
        for (int i = 0; i < 1000; i++) {
            gathering.received(0, true);
        }
        assertThat(rests).hasSize(Gathering.RECEIPTS);
    }

    /** The answer may come at any moment, and with it the next request. */
    @Test
    void whileSomethingIsWithTheDiskTheThreadIsReadyForMore() {
        gathering.received(8, false);
        assertThat(rests).isEmpty();
        gathering.received(1, true);
        assertThat(rests).hasSize(1);
    }

    @Test
    void whereARestWouldTakeLongThereIsNone() {
        Gathering slow = new Gathering(tasks, false);
        slow.received(8, true);
        assertThat(rests).isEmpty();
    }

    @Test
    void onThisThreadItRestsOrGoesOnWithoutAnError() {
        Gathering real = Gathering.ofThisThread(new ThreadTasks((thread, e) -> {}));
        real.received(8, true);
        assertThat(real).isNotNull();
    }
}
