package writeboost.engine.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static writeboost.engine.cache.TestData.BLOCK;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.cache.RecordingDevice.Kind;
import writeboost.engine.device.DeviceException;
import writeboost.engine.device.Fault;
import writeboost.engine.device.Fault.Operation;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.Log;
import writeboost.engine.log.Marks;

/** What writeback does next, to the millisecond: on a clock that only the test moves. */
@Timeout(60)
class WritebackTest {
    private static final Fault ERROR = Fault.error(DeviceException.Kind.IO);

    private final ManualTasks time = new ManualTasks();
    private final RoundFixture f;

    WritebackTest() throws IOException {
        f = new RoundFixture(time);
    }

    @AfterEach
    void close() {
        f.close();
    }

    private <T> T locked(Supplier<T> look) {
        f.lock.lock();
        try {
            return look.get();
        } finally {
            f.lock.unlock();
        }
    }

    private Marks marks() {
        return locked(f.log::marks);
    }

    private long recorded() {
        return locked(f.log::recordedDurable);
    }

    private int clientSegmentsLeft() {
        return locked(f.log::clientSegmentsLeft);
    }

    private void start(int threshold, int batch, long recordIntervalSeconds) {
        set(threshold, batch, recordIntervalSeconds);
        f.writeback.start();
        letItLook();
    }

    private void set(int threshold, int batch, long recordIntervalSeconds) {
        f.lock.lock();
        f.writeback.set(threshold, batch, recordIntervalSeconds * 1_000_000_000);
        f.lock.unlock();
    }

    private static void until(BooleanSupplier condition) {
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(condition::getAsBoolean);
    }

    /** Lets it look at least twice whether there is something to do. */
    private void letItLook() {
        long before = time.looks();
        until(() -> time.looks() >= before + 3);
    }

    private void pass(long milliseconds) {
        time.pass(milliseconds);
        letItLook();
    }

    private void untilTailIs(long seq) {
        until(() -> marks().tail() == seq);
    }

    // ---- normal ----

    @Test
    void aLittleDirtyDataIsMovedWhenItIsTwoSecondsOld() throws Exception {
        start(70, 32, 0);
        pass(10_000);
        f.write(1);
        letItLook();
        pass(1000);
        until(() -> recorded() == 1);
        pass(999);
        assertThat(marks().tail()).isZero();
        pass(1);
        untilTailIs(1);
    }

    /** Else a disk that rests would never get what comes drop by drop. */
    @Test
    void checkpointsDoNotKeepDirtyDataYoung() throws Exception {
        start(70, 32, 1);
        for (int i = 0; i < 4; i++) {
            f.write(i);
            letItLook();
            pass(500);
        }
        until(() -> marks().tail() > 0);
    }

    @Test
    void aFullBatchIsMovedAtOnce() throws Exception {
        start(70, 2, 0);
        f.appendSegments(3);
        letItLook();
        assertThat(marks().tail()).as("the log has not gone on behind them").isZero();
        f.write(4000);
        untilTailIs(2);
        letItLook();
        assertThat(marks().tail()).isEqualTo(2);
    }

    @Test
    void aBatchIsAQuarterOfTheLogAtMost() throws Exception {
        start(70, 32, 0);
        f.appendSegments(9);
        letItLook();
        assertThat(marks().tail()).isZero();
        f.write(4000);
        untilTailIs(8);
    }

    /** Lets a second pass in which clients keep the disk busy for so many milliseconds. */
    private void secondOfLoad(long milliseconds) {
        f.busyNs.addAndGet(milliseconds * 1_000_000);
        pass(1000);
    }

    @Test
    void whileClientsKeepTheDiskBusyForTheThresholdOrMoreItIsLeftAlone() throws Exception {
        start(50, 32, 0);
        secondOfLoad(500);
        f.write(1);
        for (int i = 0; i < 5; i++) {
            secondOfLoad(500);
        }
        assertThat(marks().tail()).isZero();
        secondOfLoad(499);
        untilTailIs(1);
    }

    @Test
    void aThresholdOfAHundredMovesWhateverTheLoadOneOfZeroNothing() throws Exception {
        start(0, 32, 0);
        f.write(1);
        for (int i = 0; i < 5; i++) {
            secondOfLoad(0);
        }
        assertThat(marks().tail()).isZero();
        secondOfLoad(1000);
        set(99, 32, 0);
        secondOfLoad(1000);
        assertThat(marks().tail()).isZero();
        set(100, 32, 0);
        untilTailIs(1);
    }

    // ---- room ----

    @Test
    void whenRoomRunsShortItMovesWhateverTheThreshold() throws Exception {
        start(0, 2, 0);
        int enough = (RoundFixture.SEGMENTS - 4) / 2; // of what is no buffer's, half
        while (clientSegmentsLeft() > enough) {
            f.appendSegments(1);
        }
        letItLook();
        assertThat(marks().tail()).isZero();
        f.appendSegments(1);
        until(() -> clientSegmentsLeft() >= enough);
        letItLook();
        assertThat(marks().tail()).as("one batch").isEqualTo(2);
        assertThat(marks().oldest()).isEqualTo(3);
    }

    @Test
    void whatIsCleanIsGivenUpBeforeAnythingIsMoved() throws Exception {
        f.appendSegments(6);
        f.run(6);
        assertThat(marks()).isEqualTo(new Marks(6, 6, 1));
        start(0, 2, 0);
        int enough = (RoundFixture.SEGMENTS - 4) / 2;
        while (clientSegmentsLeft() > enough) {
            f.appendSegments(1);
        }
        letItLook();
        assertThat(marks().oldest()).isEqualTo(1);
        f.appendSegments(1);
        until(() -> marks().oldest() > 1);
        assertThat(marks().oldest()).isEqualTo(3);
        assertThat(marks().tail()).isEqualTo(6);
    }

    // ---- checkpoints ----

    @Test
    void afterASecondOfRestWhatIsDurableIsRecordedOnce() throws Exception {
        start(0, 32, 0);
        f.write(1);
        letItLook();
        pass(999);
        assertThat(recorded()).isZero();
        pass(1);
        until(() -> recorded() == 1);
        f.forget();
        pass(5000);
        assertThat(f.cache.noted(Kind.WRITE)).isEmpty();
    }

    @Test
    void aLogThatNeverRestsIsRecordedAsOftenAsIsAskedFor() throws Exception {
        start(0, 32, 5);
        f.write(1);
        letItLook();
        for (int i = 0; i < 9; i++) {
            pass(500);
            f.write(i);
            letItLook();
        }
        pass(499);
        assertThat(recorded()).isZero();
        pass(1);
        until(() -> recorded() == 10);
        f.write(2);
        letItLook();
        pass(500);
        assertThat(recorded()).as("not before its time").isEqualTo(10);
    }

    @Test
    void ifNothingIsAskedForALogThatNeverRestsIsNotRecorded() throws Exception {
        start(0, 32, 0);
        for (int i = 0; i < 30; i++) {
            f.write(i);
            letItLook();
            pass(500);
        }
        assertThat(recorded()).isZero();
    }

    // ---- failures ----

    @Test
    void afterAFailureItRestsThenTriesAgain() throws Exception {
        f.faults.add(ERROR.on(Operation.SYNC).times(2));
        start(100, 1, 0);
        f.appendSegments(3);
        until(() -> f.told.size() == 1);
        assertThat(f.told).singleElement().asString().startsWith("failed: ");
        letItLook();
        assertThat(locked(f.writeback::failure)).isNotBlank();
        assertThat(locked(f.writeback::failingNs)).isPositive();
        assertThat(locked(f.writeback::status).running()).isFalse();
        f.forget();
        pass(199);
        assertThat(f.disk.noted()).isEmpty();
        pass(1);
        until(() -> f.told.size() == 2);
        pass(400);
        untilTailIs(1);
        until(() -> locked(f.writeback::failure) == null);
        assertThat(locked(f.writeback::failingNs)).isZero();
    }

    @Test
    void afterARoundThatWasMostlyRefusedItRestsToo() throws Exception {
        f.faults.add(ERROR.on(Operation.WRITE).times(4)); // the segment, and then three blocks of it
        f.faults.add(ERROR.on(Operation.WRITE).at(0, 1 << 20).times(20));
        start(100, 1, 0);
        f.appendSegments(3);
        until(() -> !f.told.isEmpty());
        letItLook();
        f.forget();
        pass(199);
        assertThat(f.disk.noted()).isEmpty();
        pass(1);
        until(() -> !f.disk.noted().isEmpty());
    }

    @Test
    void aStopEndsARest() throws Exception {
        f.faults.add(ERROR.on(Operation.SYNC));
        start(100, 1, 0);
        f.appendSegments(3);
        until(() -> f.told.size() == 1);
        f.writeback.stop();
        assertThat(marks().tail()).isZero();
    }

    // ---- flush ----

    @Test
    void aFlushMovesWhatItWasAskedForAndTellsHowFarItIs() throws Exception {
        start(0, 1, 0);
        f.appendSegments(4);
        List<String> steps = new CopyOnWriteArrayList<>();
        f.writeback.drain(3, (done, total) -> steps.add(done + "/" + total));
        assertThat(marks().tail()).isEqualTo(3);
        assertThat(steps).endsWith(60 + "/" + 60);
        letItLook();
        assertThat(marks().tail()).as("and no more").isEqualTo(3);
        assertThat(locked(f.writeback::status).running()).isFalse();
    }

    @Test
    void aFlushThatIsNotHeardOfAnyMoreIsForgotten() throws Exception {
        start(0, 1, 0);
        f.appendSegments(4);
        f.disk.hold(Kind.SYNC);
        assertThatThrownBy(() -> f.writeback.drain(4, (done, total) -> false))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
        f.disk.release();
        letItLook();
        assertThat(marks().tail()).isLessThanOrEqualTo(1);
    }

    /** The round that refused it is not over: the tail will pass it for this flush, too. */
    @Test
    void aFlushThatBeginsWhenABlockIsKnownToBeRefusedSaysSo() throws Exception {
        start(0, 1, 0);
        f.write(5);
        f.faults.add(ERROR.on(Operation.WRITE).at(5 * BLOCK, BLOCK));
        f.whenTold = () -> f.cache.hold(Kind.WRITE);
        CompletableFuture<Void> first = startDrain(new AtomicReference<>());
        f.cache.awaitWaiting(1); // the checkpoint that moves the tail
        AtomicReference<Thread> draining = new AtomicReference<>();
        CompletableFuture<Void> second = startDrain(draining);
        until(() -> isWaitingForTheTail(draining.get()));
        f.whenTold = () -> {};
        f.cache.release();
        time.pass(1000);
        for (CompletableFuture<Void> drain : List.of(first, second)) {
            assertThatThrownBy(drain::join).hasStackTraceContaining("refuses 1 blocks");
        }
    }

    private CompletableFuture<Void> startDrain(AtomicReference<Thread> thread) {
        return CompletableFuture.runAsync(() -> {
            thread.set(Thread.currentThread());
            try {
                f.writeback.drain(1, (done, total) -> true);
            } catch (EngineException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static boolean isWaitingForTheTail(@Nullable Thread thread) {
        return thread != null
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("waitForTail"));
    }

    @Test
    void aFlushOfALogThatBrokeEnds() throws Exception {
        start(0, 1, 0);
        f.write(1);
        f.disk.hold(Kind.WRITE);
        Log log = f.log;
        assertThatThrownBy(() -> f.writeback.drain(1, (done, total) -> {
                    f.lock.lock();
                    log.fail("gone");
                    f.lock.unlock();
                    return true;
                }))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE));
    }
}
