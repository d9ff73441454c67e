package writeboost.engine.device;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/** Opens a {@link NioDevice}: past the page cache where the file store says that it can and the size allows it. */
final class NioOpener {
    private static final int MIN_SECTOR_BYTES = 512;
    private static final int MAX_SECTOR_BYTES = 4096;

    private final FileTarget target;
    private final DeviceOptions options;

    NioOpener(FileTarget target, DeviceOptions options) {
        this.target = target;
        this.options = options;
    }

    NioDevice open() throws IOException {
        if (options.isExclusive() && !HeldFiles.hold(target)) {
            throw Refusals.inUse(target.path(), null);
        }
        boolean opened = false;
        try {
            NioDevice device = openHeld();
            opened = true;
            return device;
        } finally {
            if (!opened && options.isExclusive()) {
                HeldFiles.release(target);
            }
        }
    }

    private NioDevice openHeld() throws IOException {
        int unit = options.pageCache() ? 1 : directUnit();
        FileChannel channel = null;
        boolean opened = false;
        try {
            channel = openChannel(unit > 1);
            NioDevice device = opened(channel, unit);
            opened = true;
            return device;
        } finally {
            if (!opened && channel != null) {
                channel.close();
            }
        }
    }

    /** The unit of direct I/O that java.nio will demand; 1 if it will not do any. */
    private int directUnit() throws IOException {
        try {
            long unit = Files.getFileStore(target.realPath()).getBlockSize();
            boolean fits = unit >= MIN_SECTOR_BYTES
                    && unit <= MAX_SECTOR_BYTES
                    && rawBytes() % MIN_SECTOR_BYTES == rawBytes() % unit;
            if (fits) {
                openChannel(true).close();
                return (int) unit;
            }
        } catch (UnsupportedOperationException e) {
            return 1; // this JDK does not
        } catch (IOException e) {
            return 1; // this file system does not; if it cannot be opened at all, the next attempt tells
        }
        return 1;
    }

    private long rawBytes() throws IOException {
        try (FileChannel channel = FileChannel.open(target.path(), StandardOpenOption.READ)) {
            return channel.size(); // also right for a block device
        }
    }

    private FileChannel openChannel(boolean direct) throws IOException {
        Set<OpenOption> how = new HashSet<>(Set.of(StandardOpenOption.READ));
        if (options.isExclusive()) {
            how.add(StandardOpenOption.WRITE);
        }
        if (direct) {
            how.add(ExtendedOpenOption.DIRECT);
        }
        try {
            return FileChannel.open(target.path(), how);
        } catch (IOException e) {
            throw Refusals.ofException(target.path(), options.isExclusive(), e);
        }
    }

    private NioDevice opened(FileChannel channel, int unit) throws IOException {
        if (options.isExclusive()) {
            lock(channel);
        }
        int diskSector = target.isBlockDevice() ? (int) target.queueNumber("logical_block_size", MIN_SECTOR_BYTES) : 1;
        int sectorBytes = Math.max(MIN_SECTOR_BYTES, Math.max(unit, diskSector));
        long sizeBytes = Devices.usableBytes(target, channel.size(), sectorBytes, options);
        return new NioDevice(
                channel,
                target,
                new FileDevice.Geometry(sizeBytes, sectorBytes, unit, options.isExclusive()),
                DeviceIdentities.of(target, sizeBytes));
    }

    /** The lock lives as long as the channel. */
    private void lock(FileChannel channel) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null; // held by this very process
        }
        if (lock == null) {
            throw Refusals.inUse(target.path(), null);
        }
    }
}
