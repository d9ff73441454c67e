package writeboost.engine.log;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jetbrains.kotlinx.lincheck.LinChecker;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Param;
import org.jetbrains.kotlinx.lincheck.annotations.Validate;
import org.jetbrains.kotlinx.lincheck.paramgen.IntGen;
import org.jetbrains.kotlinx.lincheck.strategy.stress.StressOptions;
import org.junit.jupiter.api.Test;
import writeboost.engine.device.MemoryDevice;
import writeboost.engine.figures.Figures;

/**
 * RAM buffers on their way from appenders to the writer, to the committer and back into the pool: nothing is durable
 * before it is on the device under its own checksum, nothing older comes after something newer, no buffer is lost.
 */
@Param(name = "address", gen = IntGen.class, conf = "0:3")
public class HandOverLincheck {
    private static final int SCENARIOS = 100;
    private static final int INVOCATIONS = 30;

    /** What each operation promises is the same at all times. */
    public static final class Model {
        public boolean append(int address) {
            return true;
        }

        public boolean appendDurably(int address) {
            return true;
        }

        public boolean closeEarly() {
            return true;
        }

        public boolean marksFit() {
            return true;
        }
    }

    private final OpenLog log = open();
    private final AtomicLongArray newest = new AtomicLongArray(4);

    private static OpenLog open() {
        try {
            MemoryDevice cache = new MemoryDevice("cache", Geometry.minCacheBytes(LogImage.SEGMENT_BLOCKS));
            MemoryDevice backing = new MemoryDevice("backing", LogImage.BACKING_BYTES);
            LogFormat.format(cache, backing, LogImage.CACHE, LogImage.PAIR, LogImage.SEGMENT_BLOCKS, 1);
            return OpenLog.open(cache, backing).start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Operation(params = "address")
    public boolean append(int address) {
        return appendWhenThereIsRoom(address) > 0;
    }

    /** As clients do: when all buffers are on their way, they wait for one. */
    private long appendWhenThereIsRoom(int address) {
        long seq = log.append(address);
        while (seq == 0) {
            log.lock.lock();
            try {
                while (!log.log.hasClientRoom()) {
                    log.log.room().await();
                }
            } finally {
                log.lock.unlock();
            }
            seq = log.append(address);
        }
        return seq;
    }

    /** What was waited for is found through the index, on the device, and nothing older in its place. */
    @Operation(params = "address")
    public boolean appendDurably(int address) throws IOException {
        long seq = appendWhenThereIsRoom(address);
        newest.accumulateAndGet(address, seq, Math::max);
        long covered = log.close(CloseReason.FLUSH);
        log.log.awaitDurable(covered);
        return seq <= covered && log.marks().durable() >= covered && log.seqHolding(address) >= seq;
    }

    @Operation
    public boolean closeEarly() {
        long durable = log.marks().durable();
        long covered = log.close(CloseReason.TIMER);
        log.want(covered);
        return covered >= durable;
    }

    @Operation
    public boolean marksFit() {
        return log.locked(() -> {
            Marks marks = log.log.marks();
            return marks.arePossible()
                    && marks.durable() <= log.log.headSeq()
                    && log.log.headSeq() - marks.durable() == log.log.usedBuffers();
        });
    }

    /** At the end everything becomes durable, and every buffer is back in the pool. */
    @Validate
    public void close() throws IOException {
        log.log.awaitDurable(log.close(CloseReason.STOP));
        for (int address = 0; address < newest.length(); address++) {
            if (log.seqHolding(address) < newest.get(address)) {
                throw new IllegalStateException("block " + address + " is older than what was made durable");
            }
        }
        if (log.usedBuffers() != 0) {
            throw new IllegalStateException(log.usedBuffers() + " buffers are lost");
        }
        log.close();
    }

    @Test
    void buffersAreHandedOverWhole() {
        StressOptions options = new StressOptions().invocationsPerIteration(INVOCATIONS);
        LinChecker.check(
                HandOverLincheck.class,
                options.iterations(SCENARIOS * Integer.getInteger("lincheck.scale", 1))
                        .threads(3)
                        .actorsPerThread(3)
                        .sequentialSpecification(Model.class));
        new Figures("concurrency of the buffers")
                .atLeast("random scenarios", SCENARIOS * Integer.getInteger("lincheck.scale", 1), SCENARIOS)
                .atLeast("runs of each on real threads", INVOCATIONS, INVOCATIONS)
                .write();
    }
}
