package writeboost.engine.inspect;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import writeboost.engine.cache.Progress;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.Superblock;

/**
 * Looking at a cache, as it was when the inspection was made; data blocks are read when asked for. Writes nothing, ever.
 * One thread at a time.
 */
public interface Inspection {
    /**
     * Looks at a cache device or at an image of one.
     *
     * @param device stays the caller's; opened for reading it may be in use by another process
     * @param served whether the cache is in use: what is still being written is then left out, and what was used anew
     *     while it was read is not taken for damage
     * @throws EngineException NOT_A_CACHE, DAMAGED or SIZE if there is no usable superblock; CANCELLED
     * @throws IOException if the device can't be read
     */
    static Inspection ofDevice(BlockDevice device, boolean served, Progress progress) throws IOException {
        return new DeviceInspection(device, superblock(device), served, progress);
    }

    /**
     * Verifies a cache device or an image of one; parameters and errors as of {@link #ofDevice}.
     *
     * @return what is damaged
     */
    static Verdict verify(BlockDevice device, boolean served, Progress progress) throws IOException {
        return new Verifier(device, superblock(device)).verify(served, progress);
    }

    private static Superblock superblock(BlockDevice device) throws IOException {
        return Superblock.read(device)
                .orElseThrow(() -> new EngineException(
                        ErrorCode.NOT_A_CACHE,
                        device.name() + " holds no Writeboost cache. Is it the right device or file?"));
    }

    /** What the device says of itself, and figures of the log. */
    CacheSummary summary();

    /** Every segment, by slot. */
    List<SegmentInfo> segments();

    /**
     * The chunks and entries of a segment; its data is read and compared with the checksums.
     *
     * @return empty if no such segment is on the device (any more)
     */
    Optional<SegmentContent> segment(long id) throws IOException;

    /**
     * Everything that the device says of a block of the disk; the data of each version is read and compared.
     *
     * @param address of the block, counted in blocks of 4,096 bytes
     */
    BlockHistory block(long address, Progress progress) throws IOException;
}
