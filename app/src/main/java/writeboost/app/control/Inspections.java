package writeboost.app.control;

import java.io.IOException;
import writeboost.engine.cache.Progress;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.inspect.Inspection;
import writeboost.engine.inspect.Verdict;

/**
 * Looks at cache devices and images by their path, whether or not a pair leads to them and whether or not they are in use.
 * Nothing is ever written.
 */
public final class Inspections {
    private Inspections() {}

    /** Asks something of an inspection. */
    @FunctionalInterface
    public interface Question<T> {
        /** Asks. */
        T ask(Inspection inspection) throws IOException;
    }

    /** Reads the headers of a cache, and asks something of what was found. */
    public static <T> T inspect(String path, Progress progress, Question<T> question) throws IOException {
        DeviceAccess.Looked looked = DeviceAccess.ofItsOwn().look(path);
        try (BlockDevice device = looked.device()) {
            return question.ask(Inspection.ofDevice(device, looked.inUse(), progress));
        }
    }

    /** Reads all of a cache that is live, and tells what is damaged. */
    public static Verdict verify(String path, Progress progress) throws IOException {
        DeviceAccess.Looked looked = DeviceAccess.ofItsOwn().look(path);
        try (BlockDevice device = looked.device()) {
            return Inspection.verify(device, looked.inUse(), progress);
        }
    }
}
