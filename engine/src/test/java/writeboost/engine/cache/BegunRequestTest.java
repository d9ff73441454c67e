package writeboost.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import writeboost.engine.cache.TestPair.Begun;
import writeboost.engine.device.ForwardingDevice;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.disk.DiskError;
import writeboost.engine.disk.DiskRequest.Op;
import writeboost.engine.log.Geometry;
import writeboost.engine.task.ForwardingMonitor;
import writeboost.engine.task.ForwardingTasks;
import writeboost.engine.task.Monitor;
import writeboost.engine.task.Tasks;

/** What waits for the cache device may be left to whoever asks for it. */
@Timeout(60)
class BegunRequestTest {
    private static final byte[] NOTHING = new byte[0];

    private final Thread caller = Thread.currentThread();
    /** Memory is short at the next lock that the caller takes. */
    private boolean isShort;

    private boolean mistaken;
    private final TestPair pair;

    BegunRequestTest() throws IOException {
        MemoryDevice cache = new MemoryDevice("cache", Geometry.minCacheBytes(32));
        ForwardingDevice withMistake = new ForwardingDevice(cache) {
            @Override
            public void write(long offsetBytes, ByteBuffer from) throws IOException {
                if (mistaken) {
                    throw new IllegalStateException("a mistake of ours");
                }
                inner().write(offsetBytes, from);
            }
        };
        pair = new TestPair(withMistake, new MemoryDevice("backing", 8 << 20), 32, TestPair.QUIET, Shortage::new);
    }

    @AfterEach
    void close() throws IOException {
        pair.close();
    }

    @Test
    void aFlushEndsWhenTheCallerHasDoneTheRest() {
        pair.write(0, TestData.random(1, 4096));
        Begun flush = pair.begin(Op.FLUSH, 0, NOTHING, false);
        assertThat(flush.ended()).isNotDone();
        run(flush);
        assertThat(flush.ended()).isCompletedWithValue(DiskError.OK);
        assertThat(pair.disk.snapshot().dirtyBlocks()).isEqualTo(1);
    }

    @Test
    void soDoesAWriteThatIsToBeDurable() {
        Begun write = pair.begin(Op.WRITE, 4096, TestData.random(1, 4096), true);
        assertThat(write.ended()).isNotDone();
        run(write);
        assertThat(write.ended()).isCompletedWithValue(DiskError.OK);
        assertThat(pair.read(4096, 4096)).isEqualTo(TestData.random(1, 4096));
    }

    @Test
    void whatItMadeDurableSurvives() throws IOException {
        pair.write(0, TestData.random(1, 4096));
        run(pair.begin(Op.FLUSH, 0, NOTHING, false));
        pair.write(0, TestData.random(2, 4096));
        pair.disk.kill();
        pair.open(TestPair.QUIET);
        assertThat(pair.read(0, 4096)).isEqualTo(TestData.random(1, 4096));
    }

    @Test
    void nothingIsLeftOfWhatEndsInMemory() {
        assertThat(pair.begin(Op.WRITE, 0, TestData.random(1, 4096), false).rest())
                .isNull();
        assertThat(pair.begin(Op.READ, 0, new byte[4096], false).rest()).isNull();
        pair.flush();
        Begun again = pair.begin(Op.FLUSH, 0, NOTHING, false);
        assertThat(again.rest()).isNull();
        assertThat(again.ended()).isCompletedWithValue(DiskError.OK);
    }

    @Test
    void oneThatComesMeanwhileEndsWithTheLogsOwnTasks() {
        pair.write(0, TestData.random(1, 4096));
        Begun first = pair.begin(Op.FLUSH, 0, NOTHING, false);
        pair.write(8192, TestData.random(2, 4096));
        Begun second = pair.begin(Op.FLUSH, 0, NOTHING, false);
        assertThat(second.rest()).isNull();
        run(first);
        assertThat(first.ended().join()).isEqualTo(DiskError.OK);
        assertThat(second.ended().join()).isEqualTo(DiskError.OK);
    }

    @Test
    void aStoppedPairRefusesIt() throws IOException {
        pair.disk.stop();
        Begun flush = pair.begin(Op.FLUSH, 0, NOTHING, false);
        assertThat(flush.rest()).isNull();
        assertThat(flush.ended()).isCompletedWithValue(DiskError.ESHUTDOWN);
    }

    @Test
    void aMistakeOnTheCallersThreadHaltsThePairToo() throws IOException {
        pair.write(0, TestData.random(1, 4096));
        Begun flush = pair.begin(Op.FLUSH, 0, NOTHING, false);
        mistaken = true;
        assertThatThrownBy(() -> run(flush)).hasMessage("a mistake of ours");
        mistaken = false;
        assertThat(flush.ended()).isCompletedWithValue(DiskError.EIO);
        assertThat(pair.write(0, TestData.random(2, 4096))).isEqualTo(DiskError.EIO);
        assertThat(pair.events).anyMatch(e -> e.what().startsWith("Stopped to protect your data"));
        pair.disk.kill();
    }

    /** It may have closed a chunk that nobody knows of; whoever flushes next must not wait for it for ever. */
    @Test
    void soDoesShortMemoryBeforeThat() throws IOException {
        pair.write(0, TestData.random(1, 4096));
        isShort = true;
        assertThatThrownBy(() -> pair.begin(Op.FLUSH, 0, NOTHING, false)).isInstanceOf(OutOfMemoryError.class);
        assertThat(pair.flush()).isEqualTo(DiskError.EIO);
        pair.disk.kill();
    }

    private static void run(Begun begun) {
        Objects.requireNonNull(begun.rest()).run();
    }

    private final class Shortage extends ForwardingTasks {
        Shortage(Tasks inner) {
            super(inner);
        }

        @Override
        public Monitor newMonitor(String name) {
            return new ForwardingMonitor(super.newMonitor(name)) {
                @Override
                public void lock() {
                    if (isShort && Thread.currentThread() == caller) {
                        isShort = false;
                        throw new OutOfMemoryError("a test says so");
                    }
                    super.lock();
                }
            };
        }
    }
}
