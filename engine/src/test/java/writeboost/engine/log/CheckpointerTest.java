package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import writeboost.engine.log.TapeDevice.Call;
import writeboost.engine.log.TapeDevice.Op;

class CheckpointerTest extends LogFixture {
    private void chunks(int count) throws IOException {
        for (int i = 1; i <= count; i++) {
            opened.durableChunk(i);
        }
    }

    private static long slot(int k) {
        return Geometry.checkpointByteOffset(k);
    }

    @Test
    void generationsAlternateBetweenTwoPairsOfSlotsWithASyncAfterEachCopy() throws Exception {
        chunks(1);
        cache.rewind();
        opened.log.checkpoint(0, 1, false);
        opened.log.checkpoint(1, 1, false);
        opened.log.checkpoint(1, 2, false);
        List<String> calls = new ArrayList<>();
        for (Call call : cache.calls()) {
            calls.add(call.op() == Op.SYNC ? "sync" : "write " + (call.offsetBytes() - slot(0)) / (slot(1) - slot(0)));
        }
        assertThat(calls)
                .containsExactly(
                        "write 0", "sync", "write 1", "sync", "write 2", "sync", "write 3", "sync", "write 0", "sync",
                        "write 1", "sync");
    }

    @Test
    void whatItSaysTakesEffectOnlyWhenBothCopiesAreDurable() throws Exception {
        chunks(3);
        opened.events.clear();
        List<Marks> during = new ArrayList<>();
        cache.before = call -> during.add(opened.marks());
        cache.after = call -> {
            during.add(opened.marks());
            assertThat(opened.events).isEmpty();
        };
        opened.log.checkpoint(2, 3, false);
        assertThat(during).hasSize(8).containsOnly(new Marks(3, 0, 1));
        assertThat(opened.marks()).isEqualTo(new Marks(3, 2, 3));
        assertThat(opened.events).containsExactly("evicted 1", "evicted 2", "below 3");
        assertThat(opened.locked(opened.log::recordedDurable)).isEqualTo(3);
    }

    @Test
    void oneThatIsAskedForMeanwhileWaitsForItsTurn() throws Exception {
        chunks(3);
        cache.rewind();
        Gate first = new Gate();
        cache.before = call -> {
            if (!first.isReached()) {
                first.pass();
            }
        };
        var one = concurrently(() -> opened.log.checkpoint(1, 1, false));
        first.awaitArrival();
        AtomicReference<Thread> thread = new AtomicReference<>();
        var other = concurrently(() -> {
            thread.set(Thread.currentThread());
            opened.log.checkpoint(2, 3, false);
        });
        Awaitility.await()
                .until(() -> thread.get() != null
                        && (thread.get().getState() == Thread.State.WAITING
                                || cache.calls().size() > 1));
        assertThat(cache.calls()).as("of the first one").hasSize(1);
        first.open();
        one.join();
        other.join();
        reopenAfterPowerCut(call -> false);
        assertThat(opened.marks()).isEqualTo(new Marks(3, 2, 3));
    }

    @Test
    void marksNeverGoBack() throws Exception {
        chunks(3);
        opened.log.checkpoint(2, 3, false);
        opened.log.checkpoint(0, 1, false);
        assertThat(opened.marks()).isEqualTo(new Marks(3, 2, 3));
        reopenAfterPowerCut(call -> false);
        assertThat(opened.marks()).isEqualTo(new Marks(3, 2, 3));
    }

    @Test
    void aTailAboveDurableIsAMistakeOfOurs() throws Exception {
        chunks(1);
        assertThatThrownBy(() -> opened.log.checkpoint(2, 1, false)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> opened.log.checkpoint(1, 3, false)).isInstanceOf(IllegalStateException.class);
        opened.log.checkpoint(1, 2, false);
        assertThat(opened.marks()).isEqualTo(new Marks(1, 1, 2));
    }

    @Test
    void interruptedAnywhereTheMarksAreTheOldOrTheNewOnes() throws Exception {
        List<Marks> found = new ArrayList<>();
        for (int calls = 0; calls <= 4; calls++) {
            for (boolean keep : new boolean[] {false, true}) {
                opened.close();
                format(LogImage.SEGMENT_BLOCKS).start();
                chunks(3);
                opened.log.checkpoint(1, 1, false);
                interruptCheckpointAfter(calls);
                reopenAfterPowerCut(call -> keep);
                assertThat(opened.marks()).isIn(new Marks(3, 1, 1), new Marks(3, 3, 3));
                assertThat(opened.seqHolding(3)).isEqualTo(3);
                found.add(opened.marks());
            }
        }
        assertThat(found).startsWith(new Marks(3, 1, 1)).endsWith(new Marks(3, 3, 3));
    }

    private void interruptCheckpointAfter(int calls) {
        cache.rewind();
        cache.before = call -> {
            if (cache.calls().size() > calls) {
                throw new IOException("interrupted");
            }
        };
        try {
            opened.log.checkpoint(3, 3, false);
        } catch (IOException e) {
            assertThat(opened.broken()).contains("interrupted");
        }
    }

    @Test
    void atEveryInstantAValidCopyOfThisOrTheGenerationBeforeIsDurable() throws Exception {
        chunks(2);
        for (int generation = 2; generation < 7; generation++) {
            for (int calls = 0; calls <= 4; calls++) {
                opened.close();
                format(LogImage.SEGMENT_BLOCKS).start();
                for (int before = 2; before < generation; before++) {
                    opened.log.checkpoint(0, 1, false);
                }
                interruptCheckpointOfNothingAfter(calls);
                cache.rewind();
                opened.close();
                cache.cutPower(call -> false);
                List<Checkpoint> valid = new LogScanner(cache, opened.replay.superblock()).readCheckpoints();
                assertThat(valid.get(0).generation()).isBetween(generation - 1L, (long) generation);
            }
        }
    }

    private void interruptCheckpointOfNothingAfter(int calls) {
        cache.rewind();
        cache.before = call -> {
            if (cache.calls().size() > calls) {
                throw new IOException("interrupted");
            }
        };
        try {
            opened.log.checkpoint(0, 1, false);
        } catch (IOException e) {
            assertThat(opened.broken()).isNotNull();
        }
    }

    @Test
    void severalAtOnceAreWrittenOneAfterTheOther() throws Exception {
        chunks(5);
        cache.rewind();
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            long tail = i;
            running.add(concurrently(() -> opened.log.checkpoint(tail, 1, false)));
        }
        running.forEach(CompletableFuture::join);
        List<Long> pairs = cache.writes().stream().map(Call::offsetBytes).toList();
        assertThat(pairs).hasSize(10);
        for (int i = 0; i < 10; i += 2) {
            assertThat(pairs.get(i + 1) - pairs.get(i)).isEqualTo(slot(1) - slot(0));
        }
        assertThat(opened.marks().tail()).isEqualTo(5);
    }

    @Test
    void oneThatIsUnderWayDoesNotHoldUpAppendingAndCommits() throws Exception {
        chunks(1);
        Gate write = new Gate();
        cache.before = call -> {
            if (isCheckpoint(call) && !write.isReached()) {
                write.pass();
            }
        };
        CompletableFuture<Void> checkpoint = concurrently(() -> opened.log.checkpoint(1, 2, false));
        write.awaitArrival();
        opened.durableChunk(2);
        assertThat(opened.marks()).isEqualTo(new Marks(2, 0, 1));
        write.open();
        checkpoint.join();
        assertThat(opened.marks()).isEqualTo(new Marks(2, 1, 2));
        assertThat(opened.locked(opened.log::recordedDurable))
                .as("as it was when it began")
                .isEqualTo(1);
    }

    @Test
    void aCleanStopIsOnRecordUntilTheNextOpening() throws Exception {
        chunks(2);
        opened.log.checkpoint(0, 1, true);
        opened.log.stop();
        assertThat(newest().clean()).isTrue();
        assertThat(newest().marks().durable()).isEqualTo(2);
        opened = OpenLog.open(cache, backing);
        assertThat(newest().clean()).isFalse();
    }

    @Test
    void theFingerprintThatTheLogWasToldOfIsRecorded() throws Exception {
        long last = LogImage.BACKING_BYTES / Geometry.BLOCK_BYTES - 1;
        opened.lock.lock();
        opened.log.fingerprint(3, LogImage.BACKING_BYTES, 4711);
        opened.log.fingerprintForgets(last, last + 1, LogImage.BACKING_BYTES);
        opened.log.fingerprint(5000, LogImage.BACKING_BYTES, 99);
        opened.log.fingerprintForgets(10, 12, LogImage.BACKING_BYTES);
        opened.lock.unlock();
        opened.log.checkpoint(0, 1, false);
        Fingerprint recorded = newest().fingerprint();
        assertThat(recorded.crc(3)).isEqualTo(4711);
        assertThat(recorded.isUnknown(511)).isTrue();
        for (int i = 0; i < 512; i++) {
            assertThat(recorded.isUnknown(i)).as("block %s", i).isEqualTo(i == 10 || i == 11 || i == 511);
        }
        opened.log.measureFingerprint(backing);
        opened.log.checkpoint(0, 1, false);
        assertThat(newest().fingerprint().isUnknown(511)).isFalse();
        assertThat(newest().fingerprint()).isEqualTo(Fingerprint.measure(backing));
    }

    private Checkpoint newest() throws IOException {
        return new LogScanner(cache, opened.replay.superblock())
                .readCheckpoints()
                .get(0);
    }
}
