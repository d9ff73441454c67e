package writeboost.engine.device;

import com.kenai.jffi.MemoryIO;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** A kernel that answers as told, in order, and remembers what it was asked. Closing needs no answer. */
final class ScriptedKernel implements LibC {
    private final Deque<Long> answers = new ArrayDeque<>();
    private final Deque<long[]> ended = new ArrayDeque<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();

    /** The answers to the next calls: results, or minus an error number. */
    void answer(long... values) {
        for (long value : values) {
            answers.add(value);
        }
    }

    /** A device over this kernel, with sectors of 512 bytes, that takes a file for its disk. */
    DirectDevice device(Path file, long sizeBytes, int alignmentBytes) throws IOException {
        FileTarget target = FileTarget.of(file);
        return new DirectDevice(
                this,
                77,
                target,
                new FileDevice.Geometry(sizeBytes, 512, alignmentBytes, true),
                DeviceIdentities.of(target, sizeBytes));
    }

    /** What was asked, in order. */
    List<String> calls() {
        return calls;
    }

    private long next(String call) {
        calls.add(call);
        return Objects.requireNonNull(answers.poll(), call);
    }

    @Override
    public int open(String path, int flags, int mode) {
        return (int) next("open" + ((flags & LibC.directFlag()) == 0 ? "" : " direct"));
    }

    @Override
    public int close(int fd) {
        calls.add("close " + fd);
        return 0;
    }

    @Override
    public long pread(int fd, long address, long lengthBytes, long offsetBytes) {
        return next("pread " + offsetBytes + "+" + lengthBytes);
    }

    @Override
    public long pwrite(int fd, long address, long lengthBytes, long offsetBytes) {
        return next("pwrite " + offsetBytes + "+" + lengthBytes);
    }

    @Override
    public int madvise(long address, long lengthBytes, int advice) {
        return (int) next("madvise " + advice + " " + lengthBytes);
    }

    @Override
    public int fdatasync(int fd) {
        return (int) next("fdatasync");
    }

    @Override
    public int fallocate(int fd, int mode, long offsetBytes, long lengthBytes) {
        return (int) next("fallocate " + mode + " " + offsetBytes + "+" + lengthBytes);
    }

    @Override
    public int ioctl(int fd, long request, long[] argument) {
        return (int) next("ioctl");
    }

    @Override
    public int clearFlags(int fd) {
        return (int) next("clearFlags");
    }

    /**
     * How requests end: for each the number of its place in the list, and its result; told by the next
     * io_getevents. A single number is what that returns instead: minus an error number.
     */
    void end(long... placesAndResults) {
        ended.add(placesAndResults);
    }

    @Override
    public int ioSetup(int requests, long resultAddress) {
        MemoryIO.getInstance().putLong(resultAddress, 4711);
        return (int) next("io_setup " + requests);
    }

    @Override
    public int ioDestroy(long context) {
        return (int) next("io_destroy");
    }

    @Override
    public int ioSubmit(long context, int requests, long pointersAddress) {
        return (int) next("io_submit " + requests);
    }

    @Override
    public int ioGetEvents(long context, int requests, long eventsAddress) {
        calls.add("io_getevents " + requests);
        long[] told = Objects.requireNonNull(ended.poll(), "io_getevents");
        if (told.length == 1) {
            return (int) told[0];
        }
        for (int i = 0; i < told.length; i += 2) {
            MemoryIO.getInstance().putLong(eventsAddress + 16L * i, told[i]);
            MemoryIO.getInstance().putLong(eventsAddress + 16L * i + 16, told[i + 1]);
        }
        return told.length / 2;
    }

    @Override
    public long clockNs(int clock) {
        return next("clock " + clock);
    }

    @Override
    public int lock(int fd) {
        return (int) next("lock");
    }

    @Override
    public int isLocked(int fd) {
        return (int) next("isLocked");
    }

    @Override
    public String message(int errno) {
        return "words of errno " + errno;
    }
}
