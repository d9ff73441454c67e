package writeboost.app.control;

import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.DeviceOptions;
import writeboost.engine.device.Devices;
import writeboost.engine.device.ReturningDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.task.Tasks;
import writeboost.engine.task.ThreadTasks;

/** Opens devices; the only class of the program that does. */
final class DeviceAccess {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceAccess.class);

    private final Tasks tasks;

    DeviceAccess(Tasks tasks) {
        this.tasks = tasks;
    }

    /** For a single question, whether or not an engine runs here. */
    static DeviceAccess ofItsOwn() {
        return new DeviceAccess(new ThreadTasks((thread, failure) -> LOG.error("unexpected", failure)));
    }

    /** The tasks that its devices use. */
    Tasks tasks() {
        return tasks;
    }

    /**
     * A device that is open to be looked at.
     *
     * @param inUse whether somebody has it open to write
     */
    record Looked(BlockDevice device, boolean inUse) {}

    /** Is told what was found out about a device and is worth knowing. */
    @FunctionalInterface
    interface Notes {
        /** Takes a sentence. */
        void take(String note);
    }

    /** Opens a device or a file to look at it; nothing is written or locked, and it may be in use. */
    BlockDevice openToLook(String spec) throws IOException {
        return Devices.open(spec, DeviceOptions.inspect(), tasks);
    }

    /** As {@link #openToLook}, and finds out whether it is in use. */
    Looked look(String spec) throws IOException {
        boolean inUse = Devices.isInUse(pathOf(spec));
        return new Looked(openToLook(spec), inUse);
    }

    /**
     * Opens a device to look at it, while nobody writes to it.
     *
     * @throws EngineException IN_USE if somebody does
     */
    BlockDevice lookAlone(String spec) throws IOException {
        Looked looked = look(spec);
        if (looked.inUse()) {
            Failures.closeQuietly(looked.device());
            throw new EngineException(
                    ErrorCode.IN_USE,
                    spec + " is in use; stop the pair that it belongs to first. Nothing was changed.");
        }
        return looked.device();
    }

    /**
     * Opens a device to read and write it, alone.
     *
     * @param newBytes if above 0, a missing file is made with this size
     */
    BlockDevice openAlone(String spec, long newBytes, Notes notes) throws IOException {
        DeviceOptions options = DeviceOptions.exclusive().telling(notes::take);
        return Devices.open(spec, newBytes > 0 ? options.creating(newBytes) : options, tasks);
    }

    /** As {@link #openAlone}, of a disk that may be unplugged and come back, perhaps as another node in /dev. */
    BlockDevice openReturning(String spec, Notes notes) throws IOException {
        BlockDevice first = openAlone(spec, 0, notes);
        String stableName = first.identity().stableName();
        return new ReturningDevice(first, () -> reopen(spec, stableName), tasks);
    }

    private BlockDevice reopen(String spec, String stableName) throws IOException {
        try {
            return openAlone(spec, 0, note -> {});
        } catch (EngineException e) {
            Path path = pathOf(spec);
            if (path.toString().equals(stableName) || !path.toString().equals(spec)) {
                throw e; // no other name, or a modelled disk
            }
            return openAlone(stableName, 0, note -> {});
        }
    }

    /** Refuses a pair of which both devices are the same. */
    static void checkDistinct(String backing, String cache) throws IOException {
        Devices.checkDistinct(backing, cache);
    }

    /** The path in what a user gave as a device. */
    static Path pathOf(String spec) throws EngineException {
        Path path = Devices.path(spec);
        if (path == null) {
            throw new EngineException(
                    ErrorCode.USAGE, spec + " would be empty at each start; give a file or a block device");
        }
        return path;
    }
}
