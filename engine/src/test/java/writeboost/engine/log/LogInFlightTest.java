package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two writes of the log are on their way at a time; the second must not tell of the first what is not so. */
@Timeout(60)
class LogInFlightTest extends LogFixture {
    /** Blocks of a chunk of one block. */
    private static final int CHUNK = 2;

    /** Where chunks of one block stop when they are written the first time: n-th chunk, n from 1. */
    private final Map<Integer, Gate> gates = new HashMap<>();

    private final Map<Integer, IOException> failures = new ConcurrentHashMap<>();

    /** Calls that have had their effect. */
    private final List<TapeDevice.Call> done = new CopyOnWriteArrayList<>();

    private Gate hold(int chunk) {
        Gate gate = new Gate();
        gates.put(chunk, gate);
        cache.after = done::add;
        cache.before = call -> {
            for (Map.Entry<Integer, Gate> held : gates.entrySet()) {
                if (isChunk(call) && call.touches(firstPlaceOf(held.getKey()))) {
                    Gate one = held.getValue();
                    if (!one.isReached()) {
                        one.pass();
                        IOException failure = failures.get(held.getKey());
                        if (failure != null) {
                            throw failure;
                        }
                    }
                }
            }
        };
        return gate;
    }

    private Gate holdAndFail(int chunk) {
        failures.put(chunk, new IOException("refused"));
        return hold(chunk);
    }

    private long firstPlaceOf(int chunk) {
        return byteAt(0, (chunk - 1) * CHUNK);
    }

    private long written() {
        return opened.locked(opened.log::chunksWritten);
    }

    private void awaitOnTheDevice(int chunk) {
        Awaitility.await().until(() -> done.stream().anyMatch(c -> c.touches(firstPlaceOf(chunk))));
    }

    /** Appends a chunk that is held, and another, which gets to the device before it. Returns its seq. */
    private long overtake(Gate first) {
        opened.chunk(10);
        first.awaitArrival();
        long second = opened.chunk(20);
        awaitOnTheDevice(2);
        return second;
    }

    private void awaitFailure() {
        Awaitility.await().until(() -> opened.events.stream().anyMatch(e -> e.startsWith("failed")));
    }

    /** Time enough for what must not happen. */
    private static void letAMomentPass() {
        Awaitility.await().pollDelay(Duration.ofMillis(30)).until(() -> true);
    }

    @Test
    void theNextChunkIsOnItsWayWhileOneIsWritten() throws Exception {
        Gate first = hold(1);
        overtake(first);
        first.open();
        awaitWritten(2);
    }

    /** Else one that hangs and then fails would have a whole pool written again, and cost each its segment. */
    @Test
    void nothingRunsAheadOfAWriteThatTakesLong() throws Exception {
        Gate first = hold(1);
        overtake(first);
        opened.chunk(30);
        letAMomentPass();
        assertThat(cache.writes()).hasSize(2);
        first.open();
        awaitWritten(3);
    }

    @Test
    void afterAFailureTheChunkIsWrittenAloneUntilItIsThere() throws Exception {
        Gate first = holdAndFail(1);
        overtake(first);
        Gate again = new Gate();
        long second = byteAt(1, 0);
        cache.before = call -> {
            if (call.touches(second) && !again.isReached()) {
                again.pass();
            }
        };
        first.open();
        again.awaitArrival();
        letAMomentPass();
        assertThat(cache.writes()).as("both, and the first again").hasSize(3);
        again.open();
        awaitWritten(2);
    }

    @Test
    void aThirdWaits() throws Exception {
        Gate first = hold(1);
        Gate second = hold(2);
        Gate third = hold(3);
        opened.chunk(10);
        opened.chunk(20);
        opened.chunk(30);
        first.awaitArrival();
        second.awaitArrival();
        assertThat(third.isReached()).isFalse();
        third.open();
        first.open();
        awaitOnTheDevice(3);
        second.open();
        awaitWritten(3);
    }

    @Test
    void aChunkCountsAsWrittenOnlyWhenThoseBeforeItAre() throws Exception {
        Gate first = hold(1);
        long second = overtake(first);
        opened.want(second);
        letAMomentPass();
        assertThat(written()).isZero();
        assertThat(syncs()).as("a sync would not serve anybody").isZero();
        assertThat(opened.marks().durable()).isZero();
        first.open();
        opened.log.awaitDurable(second);
        assertThat(opened.events).containsExactly("durable 1", "durable 2");
    }

    @Test
    void afterACrashTheLogEndsBeforeTheOneThatIsMissing() throws Exception {
        opened.durableChunk(5);
        Gate second = holdAndFail(2);
        opened.chunk(10);
        second.awaitArrival();
        opened.chunk(20);
        awaitOnTheDevice(3);
        cache.before = call -> {
            throw new IOException("gone");
        };
        second.open();
        Awaitility.await().until(() -> opened.broken() != null);
        reopenAfterPowerCut(call -> true);
        assertThat(opened.chunks).containsExactly("1@1.0 W5");
    }

    @Test
    void ifTheFirstFailsBothAreWrittenAgainInOrder() throws Exception {
        Gate first = holdAndFail(1);
        long second = overtake(first);
        first.open();
        opened.log.awaitDurable(second);
        assertThat(headerOf(1).segmentId()).isEqualTo(2);
        assertThat(headerOf(2).segmentId()).isEqualTo(2);
        assertThat(headerOf(2).previous().segmentId())
                .as("what the second says of the first")
                .isEqualTo(2);
        reopenAfterPowerCut(call -> false);
        assertThat(opened.chunks).containsExactly("1@2.0 W10", "2@2.2 W20");
    }

    /** What it says of the first is not so: the place where that was to be written holds nothing. */
    @Test
    void theSecondAsItWasWrittenFirstDoesNotCountOnceTheFirstIsDurableElsewhere() throws Exception {
        Gate first = holdAndFail(1);
        overtake(first);
        first.open();
        opened.log.awaitDurable(1);
        awaitWritten(2);
        long again = byteAt(1, CHUNK);
        reopenAfterPowerCut(call -> !call.touches(again));
        assertThat(opened.chunks).first().isEqualTo("1@2.0 W10");
        assertThat(opened.seqHolding(10)).isEqualTo(1);
    }

    @Test
    void ifTheSecondFailsTheFirstStaysWhereItIs() throws Exception {
        Gate first = hold(1);
        Gate second = holdAndFail(2);
        opened.chunk(10);
        first.awaitArrival();
        long wanted = opened.chunk(20);
        second.awaitArrival();
        second.open();
        awaitFailure();
        first.open();
        opened.log.awaitDurable(wanted);
        assertThat(headerOf(1).segmentId()).isEqualTo(1);
        assertThat(headerOf(2).segmentId()).isEqualTo(2);
        assertThat(headerOf(2).previous().segmentId()).isEqualTo(1);
    }

    @Test
    void nothingIsBegunBetweenAFailureAndTheEndOfTheOtherWrite() throws Exception {
        Gate first = hold(1);
        Gate second = holdAndFail(2);
        opened.chunk(10);
        first.awaitArrival();
        opened.chunk(20);
        second.awaitArrival();
        long wanted = opened.chunk(30);
        second.open();
        awaitFailure();
        letAMomentPass();
        assertThat(done).isEmpty();
        assertThat(cache.writes()).hasSize(2);
        first.open();
        opened.log.awaitDurable(wanted);
        assertThat(headerOf(1).segmentId()).isEqualTo(1);
        assertThat(headerOf(2).segmentId()).isEqualTo(2);
        assertThat(headerOf(3).segmentId()).isEqualTo(2);
    }

    @Test
    void oneFailureOfTheDeviceCountsOnceThoughBothWritesTellOfIt() throws Exception {
        for (int round = 0; round < 5; round++) {
            opened.close();
            gates.clear();
            format(LogImage.SEGMENT_BLOCKS).start();
            Gate first = holdAndFail(1);
            Gate second = holdAndFail(2);
            opened.chunk(10);
            first.awaitArrival();
            long wanted = opened.chunk(20);
            second.awaitArrival();
            int freeBefore = opened.locked(() -> opened.log.segments().freeSegments());
            first.open();
            second.open();
            opened.log.awaitDurable(wanted);
            assertThat(opened.locked(opened.log::errors)).isEqualTo(2);
            assertThat(opened.locked(() -> opened.log.segments().freeSegments()))
                    .as("both are written again in one segment")
                    .isEqualTo(freeBefore - 1);
        }
    }

    @Test
    void whatAFailedSyncOverlapsIsWrittenAgainWithAllBehindIt() throws Exception {
        Gate second = hold(2);
        AtomicInteger syncs = new AtomicInteger();
        TapeDevice.Hook holding = cache.before;
        cache.before = call -> {
            holding.on(call);
            if (call.op() == TapeDevice.Op.SYNC && syncs.incrementAndGet() == 1) {
                throw new IOException("refused");
            }
        };
        opened.chunk(10);
        awaitWritten(1);
        opened.chunk(20);
        second.awaitArrival();
        opened.chunk(30);
        awaitOnTheDevice(3);
        opened.want(1);
        awaitFailure();
        assertThat(written()).isEqualTo(1);
        second.open();
        opened.log.awaitDurable(3);
        assertThat(headerOf(1).segmentId()).isEqualTo(2);
        assertThat(headerOf(2).previous().segmentId()).isEqualTo(2);
        reopenAfterPowerCut(call -> false);
        assertThat(opened.chunks).containsExactly("1@2.0 W10", "2@2.2 W20", "3@2.4 W30");
    }
}
