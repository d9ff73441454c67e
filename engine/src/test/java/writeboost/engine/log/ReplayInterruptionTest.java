package writeboost.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import writeboost.engine.log.LogImage.Chunk;
import writeboost.engine.log.TapeDevice.Call;
import writeboost.engine.log.TapeDevice.Op;

/** Opening that is interrupted at each of its device calls, and repeated, gives what it gives uninterrupted. */
class ReplayInterruptionTest {
    private LogImage image;
    private List<String> expected = List.of();
    private Marks expectedMarks = new Marks(0, 0, 1);

    /** A log with everything to decide: a damaged header, lost cached copies, a void chunk, a torn end. */
    @BeforeEach
    void format() throws Exception {
        image = new LogImage();
        Chunk lost = image.chunk(1).block(1).write();
        Chunk lostToo = image.chunk(2).block(2).write();
        Chunk rotten = image.chunk(3).block(3).write();
        image.chunk(4).block(4).knowing(3, 2, 1).write();
        image.chunk(5).block(5).inFreshSegment().write();
        Chunk torn = image.chunk(6).block(6).block(7).write();
        image.chunk(7).block(8).write();
        image.damage(lost, 0);
        image.damage(lostToo, 0);
        image.damage(rotten, 0);
        image.damage(torn, 1);
        byte[] asLeft = image.bytes();
        try (OpenLog opened = image.open()) {
            expected = opened.chunks;
            expectedMarks = opened.marks();
        }
        image.restore(asLeft);
    }

    private TapeDevice device() throws IOException {
        TapeDevice device = new TapeDevice("cache", image.cache.sizeBytes());
        device.write(0, ByteBuffer.wrap(image.bytes()));
        device.sync();
        device.rewind();
        return device;
    }

    @Test
    void theUninterruptedOpeningIsWhatTheRulesSay() {
        assertThat(expected).containsExactly("3@1.4 W3", "4@1.6 W4", "5@2.0 W5");
        assertThat(expectedMarks).isEqualTo(new Marks(5, 2, 3));
    }

    @Test
    @Tag("slow")
    void interruptedByAKillAndRepeated() throws Exception {
        interruptAtEachCall(0, call -> true);
    }

    @Test
    void interruptedByAPowerCutThatLosesAllAndRepeated() throws Exception {
        interruptAtEachCall(endOfReading(), call -> false);
    }

    @Test
    void interruptedByAPowerCutThatKeepsOneCopyOfTheCheckpointAndRepeated() throws Exception {
        for (int slot : new int[] {2, 3}) {
            interruptAtEachCall(endOfReading(), call -> call.offsetBytes() == Geometry.checkpointByteOffset(slot));
        }
    }

    /** How many calls come before the first that is not a read. */
    private int endOfReading() throws IOException {
        TapeDevice device = device();
        assertThat(opens(device)).isTrue();
        return device.calls().stream().map(Call::op).toList().indexOf(Op.SYNC);
    }

    private void interruptAtEachCall(int from, Predicate<Call> survives) throws Exception {
        int interrupted = 0;
        for (int n = from; ; n++) {
            TapeDevice device = device();
            int calls = n;
            device.before = call -> {
                if (device.calls().size() > calls) {
                    throw new IOException("interrupted");
                }
            };
            if (opens(device)) {
                assertThat(interrupted).isGreaterThan(4);
                return;
            }
            interrupted++;
            device.cutPower(survives);
            device.rewind();
            for (int repeated = 0; repeated < 2; repeated++) {
                try (OpenLog opened = OpenLog.open(device, image.backing)) {
                    assertThat(opened.chunks).as("interrupted at call %s", n).isEqualTo(expected);
                    assertThat(opened.marks()).isEqualTo(expectedMarks);
                }
                device.cutPower(survives);
            }
        }
    }

    private boolean opens(TapeDevice device) {
        try (OpenLog opened = OpenLog.open(device, image.backing)) {
            assertThat(opened.chunks).isEqualTo(expected);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void nothingIsWrittenBeforeAllWasReadAndBothDevicesWereSynced() throws Exception {
        TapeDevice device = device();
        TapeDevice backing = new TapeDevice("backing", LogImage.BACKING_BYTES);
        OpenLog.open(device, backing).close();
        List<Op> ops = device.calls().stream().map(Call::op).toList();
        int firstWrite = ops.indexOf(Op.WRITE);
        assertThat(ops.get(firstWrite - 1)).isEqualTo(Op.SYNC);
        assertThat(ops.subList(0, firstWrite - 1)).containsOnly(Op.READ);
        assertThat(ops.subList(firstWrite, ops.size())).containsExactly(Op.WRITE, Op.SYNC, Op.WRITE, Op.SYNC);
        assertThat(backing.calls().stream().map(Call::op)).contains(Op.SYNC);
    }

    /** A killed process may have left a chunk that is read but not durable; after a failed sync no later one makes it so. */
    @Test
    void whenTheSyncOfTheCacheDeviceFailsOnceNothingIsRecordedThatAPowerCutMayStillTake() throws Exception {
        image = new LogImage();
        image.chunk(1).block(1).write();
        TapeDevice device = device();
        Chunk notDurable = image.chunk(2).block(2).write();
        device.write(notDurable.byteOffset(), notDurable.bytes());
        device.rewind();
        device.before = call -> {
            if (call.op() == Op.SYNC) {
                device.before = later -> {};
                throw new IOException("no sync");
            }
        };
        assertThatThrownBy(() -> OpenLog.open(device, image.backing)).hasMessageContaining("no sync");
        device.cutPower(call -> false);
        try (OpenLog opened = OpenLog.open(device, image.backing)) {
            assertThat(opened.chunks).containsExactly("1@1.0 W1");
        }
    }

    @Test
    void whatWasFoundIsNotServedUnlessTheCheckpointIsDurable() throws Exception {
        TapeDevice device = device();
        device.before = call -> {
            if (call.op() == Op.SYNC && !device.writes().isEmpty()) {
                throw new IOException("no sync");
            }
        };
        assertThatThrownBy(() -> OpenLog.open(device, image.backing)).hasMessageContaining("no checkpoint");
    }
}
