package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.log.TapeDevice.Op;

/** A client's thread writes its chunk to the log itself, and makes it durable, when the log has nothing else to do. */
@Timeout(60)
class LogTakenTest extends LogFixture {
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    /** Where calls have had their effect. */
    private final List<Long> done = new CopyOnWriteArrayList<>();

    /** Appends a block and asks for it to be durable. Returns whether the chunk is left to the caller. */
    private boolean take(long address) {
        opened.append(address);
        return takeOpen();
    }

    private boolean takeOpen() {
        return opened.locked(() -> {
            boolean taken = opened.log.takeOpen(CloseReason.FLUSH);
            opened.log.wantDurable(opened.log.close(CloseReason.FLUSH));
            return taken;
        });
    }

    private void awaitDurable(long seq) {
        Awaitility.await().until(() -> opened.marks().durable() >= seq);
    }

    private static IOException refusal() {
        return new IOException("refused");
    }

    @Test
    void theCallerWritesAndSyncs() throws Exception {
        cache.before = call -> threads.add(Thread.currentThread());
        assertThat(take(7)).isTrue();
        assertThat(cache.calls())
                .as("nothing is done before the caller does it")
                .isEmpty();
        opened.log.writeTaken();
        assertThat(opened.marks().durable()).isEqualTo(1);
        assertThat(opened.seqHolding(7)).isEqualTo(1);
        assertThat(writtenChunks()).containsExactly("1@1.0");
        assertThat(syncs()).isEqualTo(1);
        assertThat(threads).containsOnly(Thread.currentThread());
    }

    @Test
    void itsChunksAndThoseOfTheTasksLieInOneRow() throws Exception {
        for (long i = 1; i <= 6; i++) {
            if (i % 2 == 0) {
                opened.durableChunk(i);
            } else {
                assertThat(take(i)).isTrue();
                opened.log.writeTaken();
            }
        }
        assertThat(writtenChunks()).containsExactly("1@1.0", "2@1.2", "3@1.4", "4@1.6", "5@1.8", "6@1.10");
        reopenAfterPowerCut(call -> false);
        assertThat(opened.chunks).hasSize(6);
    }

    @Test
    void nothingIsTakenWhereNothingIsOpen() {
        assertThat(takeOpen()).isFalse();
        assertThat(opened.locked(opened.log::headSeq)).isZero();
    }

    @Test
    void nothingIsTakenBesideAWrite() {
        Gate write = new Gate();
        cache.before = call -> passOnce(write, call.op() == Op.WRITE);
        opened.chunk(1);
        write.awaitArrival();
        assertThat(take(2)).isFalse();
        write.open();
        awaitDurable(2);
    }

    @Test
    void norBesideASync() {
        Gate sync = new Gate();
        cache.before = call -> passOnce(sync, call.op() == Op.SYNC);
        opened.want(opened.chunk(1));
        sync.awaitArrival();
        assertThat(take(2)).isFalse();
        sync.open();
        awaitDurable(2);
    }

    @Test
    void norBesideAnotherThatWasTaken() {
        assertThat(take(1)).isTrue();
        assertThat(take(2)).isFalse();
        opened.log.writeTaken();
        awaitDurable(2);
    }

    @Test
    void norFromALogThatIsBroken() {
        opened.append(1);
        opened.lock.lock();
        opened.log.fail("a test says so");
        opened.lock.unlock();
        assertThat(takeOpen()).isFalse();
    }

    @Test
    void theTasksWriteBesideIt() throws Exception {
        Gate write = new Gate();
        cache.before = call -> passOnce(write, isChunk(call));
        cache.after = call -> done.add(call.offsetBytes());
        assertThat(take(1)).isTrue();
        CompletableFuture<Void> caller = concurrently(opened.log::writeTaken);
        write.awaitArrival();
        opened.want(opened.chunk(2));
        Awaitility.await().until(() -> done.contains(byteAt(0, 2)));
        opened.want(opened.chunk(3));
        write.open();
        caller.join();
        awaitDurable(3);
    }

    /** They have looked in vain while two were on their way. */
    @Test
    void whatCameMeanwhileIsLeftToTheTasks() throws Exception {
        Gate first = new Gate();
        Gate second = new Gate();
        AtomicInteger chunks = new AtomicInteger();
        cache.before = call -> {
            if (isChunk(call)) {
                int number = chunks.incrementAndGet();
                if (number <= 2) {
                    (number == 1 ? first : second).pass();
                }
            }
        };
        assertThat(take(1)).isTrue();
        CompletableFuture<Void> caller = concurrently(opened.log::writeTaken);
        first.awaitArrival();
        opened.chunk(2);
        second.awaitArrival();
        opened.want(opened.chunk(3));
        first.open();
        caller.join();
        Awaitility.await().until(() -> chunks.get() == 3);
        second.open();
        awaitDurable(3);
    }

    @Test
    void whatCouldNotBeWrittenTheTasksWriteElsewhere() throws Exception {
        opened.durableChunk(1);
        AtomicInteger left = new AtomicInteger(1);
        cache.before = call -> {
            if (isChunk(call) && left.getAndDecrement() > 0) {
                throw refusal();
            }
        };
        assertThat(take(7)).isTrue();
        opened.log.writeTaken();
        awaitDurable(2);
        assertThat(opened.seqHolding(7)).isEqualTo(2);
        assertThat(headerOf(2).segmentId()).isEqualTo(2);
    }

    @Test
    void whatAFailedSyncDidNotCoverTheTasksWriteAgain() throws Exception {
        AtomicInteger left = new AtomicInteger(1);
        cache.before = call -> {
            if (call.op() == Op.SYNC && left.getAndDecrement() > 0) {
                throw refusal();
            }
        };
        assertThat(take(7)).isTrue();
        opened.log.writeTaken();
        awaitDurable(1);
        assertThat(writtenChunks()).containsExactly("1@1.0", "1@2.0");
    }

    /** A checkpoint, say, synced meanwhile and failed: nobody may believe in what was written beside that. */
    @Test
    void whatWasWrittenBesideAFailedSyncIsWrittenAgain() throws Exception {
        Gate write = new Gate();
        AtomicInteger left = new AtomicInteger(1);
        cache.before = call -> {
            passOnce(write, isChunk(call));
            if (call.op() == Op.SYNC && left.getAndDecrement() > 0) {
                throw refusal();
            }
        };
        assertThat(take(7)).isTrue();
        CompletableFuture<Void> caller = concurrently(opened.log::writeTaken);
        write.awaitArrival();
        CompletableFuture<Void> checkpoint = concurrently(() -> opened.log.checkpoint(0, 0, false));
        Awaitility.await().until(() -> opened.events.stream().anyMatch(e -> e.startsWith("failed")));
        write.open();
        caller.join();
        checkpoint.join();
        awaitDurable(1);
        assertThat(writtenChunks()).contains("1@1.0", "1@2.0");
    }

    @Test
    void theLogDoesNotEndBeforeTheCaller() {
        Gate write = new Gate();
        cache.before = call -> passOnce(write, isChunk(call));
        assertThat(take(1)).isTrue();
        CompletableFuture<Void> caller = concurrently(opened.log::writeTaken);
        write.awaitArrival();
        CompletableFuture<Void> killed = concurrently(opened.log::kill);
        Awaitility.await().until(() -> opened.broken() != null);
        assertThat(killed).isNotDone();
        write.open();
        killed.join();
        caller.join();
    }

    @Test
    void norDoesACleanStop() {
        Gate sync = new Gate();
        cache.before = call -> passOnce(sync, call.op() == Op.SYNC);
        assertThat(take(1)).isTrue();
        CompletableFuture<Void> caller = concurrently(opened.log::writeTaken);
        sync.awaitArrival();
        CompletableFuture<Void> stopped = concurrently(opened.log::stop);
        assertThat(stopped).isNotDone();
        sync.open();
        stopped.join();
        caller.join();
        assertThat(opened.marks().durable()).isEqualTo(1);
    }

    private static void passOnce(Gate gate, boolean here) {
        if (here && !gate.isReached()) {
            gate.pass();
        }
    }
}
