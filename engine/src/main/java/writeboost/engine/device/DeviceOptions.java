package writeboost.engine.device;

import java.util.function.Consumer;

/**
 * How {@link Devices#open} opens a device.
 *
 * @param access for what
 * @param createBytes if above 0, a missing file is made with this size, and an existing one must have it
 * @param backend through what
 * @param pageCache whether the kernel's page cache is used although the device could do without
 * @param notes is told, in sentences for the user, what was found out and is worth knowing: a size that was rounded, I/O
 *     that cannot be direct. Called on the opening thread
 */
public record DeviceOptions(
        Access access, long createBytes, Backend backend, boolean pageCache, Consumer<String> notes) {

    /** What a device is opened for. */
    public enum Access {
        /**
         * To read and write it, alone: nobody else of us, in this process or another, may have it so, and a disk must
         * not be mounted or held otherwise.
         */
        EXCLUSIVE,
        /** To look at it, also while another has it. Nothing can be written, nothing is locked. */
        INSPECT
    }

    /** Which system interface is used. */
    public enum Backend {
        /** System calls if this machine lets us make them, else java.nio. */
        AUTO,
        /** java.nio: no discard, no holes, and a disk is guarded only against other instances of ours. */
        NIO
    }

    public DeviceOptions {
        if (createBytes < 0) {
            throw new IllegalArgumentException("createBytes " + createBytes);
        }
    }

    /** To read and write an existing device, alone. */
    public static DeviceOptions exclusive() {
        return new DeviceOptions(Access.EXCLUSIVE, 0, Backend.AUTO, false, note -> {});
    }

    /** To look at an existing device, also while another has it. */
    public static DeviceOptions inspect() {
        return new DeviceOptions(Access.INSPECT, 0, Backend.AUTO, false, note -> {});
    }

    /** As these, but a missing file is made. */
    public DeviceOptions creating(long sizeBytes) {
        return new DeviceOptions(access, sizeBytes, backend, pageCache, notes);
    }

    /** As these, but through that backend. */
    public DeviceOptions through(Backend otherBackend) {
        return new DeviceOptions(access, createBytes, otherBackend, pageCache, notes);
    }

    /** As these, but through the page cache. */
    public DeviceOptions buffered() {
        return new DeviceOptions(access, createBytes, backend, true, notes);
    }

    /** As these, telling that consumer. */
    public DeviceOptions telling(Consumer<String> consumer) {
        return new DeviceOptions(access, createBytes, backend, pageCache, consumer);
    }

    boolean isExclusive() {
        return access == Access.EXCLUSIVE;
    }
}
