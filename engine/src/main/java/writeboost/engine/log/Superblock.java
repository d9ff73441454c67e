package writeboost.engine.log;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.DeviceIdentity;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/**
 * What identifies a cache and its pair (docs/format.md section 2).
 *
 * @param cache identity of the cache device when it was formatted; its path is not stored
 * @param backing identity of the backing device, likewise
 * @param backingSectorBytes its sector size
 */
public record Superblock(
        UUID cacheUuid,
        UUID pairUuid,
        DeviceIdentity cache,
        DeviceIdentity backing,
        int backingSectorBytes,
        Geometry geometry,
        long formattedMs) {

    private static final long MAGIC = magic("WBSUPER1");
    private static final int VERSION = 1;
    private static final int CRC_AT = 12;
    private static final int NAME_BYTES = 510;
    private static final int SERIAL_BYTES = 254;

    /** A segment of fewer blocks would be half headers; docs/format.md names this limit. */
    private static final int MIN_SEGMENT_BLOCKS = 8;

    /** Blocks of the disk, the last of which may be short: entries of the log name no others. */
    public long diskBlocks() {
        long bytes = backing.sizeBytes() / Geometry.SECTOR_BYTES * Geometry.SECTOR_BYTES;
        return (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
    }

    static long magic(String eight) {
        return ByteBuffer.wrap(eight.getBytes(StandardCharsets.US_ASCII))
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .getLong(0);
    }

    /**
     * Reads the superblock of a device.
     *
     * @return empty if neither place holds anything of ours
     * @throws EngineException NOT_A_CACHE if it is of an unknown version; DAMAGED if there is one, but no valid copy; SIZE if
     *     the device is smaller than it was
     */
    public static Optional<Superblock> read(BlockDevice device) throws IOException {
        if (device.sizeBytes() < 2 * BLOCK_BYTES) {
            return Optional.empty();
        }
        ByteBuffer block = Blocks.allocate(1);
        boolean ours = false;
        IOException failure = null;
        for (long at : new long[] {0, Geometry.secondSuperblockByteOffset(device.sizeBytes())}) {
            try {
                device.read(at, block.clear());
            } catch (IOException e) {
                failure = e;
                continue;
            }
            if (block.getLong(0) != MAGIC) {
                continue;
            }
            ours = true;
            if (new Crc().ofStructure(block, 0, BLOCK_BYTES, CRC_AT) == block.getInt(CRC_AT)) {
                return Optional.of(decode(device, block));
            }
        }
        if (failure != null) {
            throw failure;
        }
        if (ours) {
            throw new EngineException(
                    ErrorCode.DAMAGED,
                    device.name() + ": both copies of the superblock are damaged. Nothing was changed. Restore one copy"
                            + " (first and last block of the device), or format the cache anew, which forgets its data.");
        }
        return Optional.empty();
    }

    /** A copy of the superblock that is not as it should be: where it lies, and what is wrong with it. */
    public record BadCopy(long byteOffset, String what) {}

    /** Compares the two copies of a device that {@link #read} accepts. */
    public static List<BadCopy> badCopies(BlockDevice device) {
        List<BadCopy> bad = new ArrayList<>();
        ByteBuffer good = null;
        for (long at : new long[] {0, Geometry.secondSuperblockByteOffset(device.sizeBytes())}) {
            ByteBuffer block = Blocks.allocate(1);
            try {
                device.read(at, block);
            } catch (IOException e) {
                bad.add(new BadCopy(at, "can't be read: " + e.getMessage()));
                continue;
            }
            if (block.getLong(0) != MAGIC
                    || new Crc().ofStructure(block, 0, BLOCK_BYTES, CRC_AT) != block.getInt(CRC_AT)) {
                bad.add(new BadCopy(at, "is damaged"));
            } else if (good != null && !good.rewind().equals(block.rewind())) {
                bad.add(new BadCopy(at, "is not the same as the first"));
            } else {
                good = block;
            }
        }
        return bad;
    }

    private static Superblock decode(BlockDevice device, ByteBuffer b) throws EngineException {
        if (b.getInt(8) != VERSION) {
            throw new EngineException(
                    ErrorCode.NOT_A_CACHE,
                    device.name() + ": the cache has format version " + b.getInt(8) + ", this program knows version "
                            + VERSION + ". Open it with the program that made it, or a newer one.");
        }
        Geometry geometry = layout(device, b);
        Superblock s = new Superblock(
                uuid(b, 16),
                uuid(b, 32),
                new DeviceIdentity(device.name(), text(b, 128, NAME_BYTES), text(b, 640, SERIAL_BYTES), b.getLong(48)),
                new DeviceIdentity("", text(b, 896, NAME_BYTES), text(b, 1408, SERIAL_BYTES), b.getLong(56)),
                b.getInt(68),
                geometry,
                b.getLong(80));
        if (device.sizeBytes() != s.cache().sizeBytes()) {
            throw new EngineException(
                    ErrorCode.SIZE,
                    device.name() + " has " + device.sizeBytes() + " bytes, but the cache on it was made for "
                            + s.cache().sizeBytes() + ". Is it a copy, or was it resized? Give it its old size again.");
        }
        return s;
    }

    /** The layout, which must be the one that follows from the size of the device that it was made for. */
    private static Geometry layout(BlockDevice device, ByteBuffer b) throws EngineException {
        int segmentBlocks = b.getInt(64);
        long segments = b.getLong(72);
        boolean possible = segmentBlocks >= MIN_SEGMENT_BLOCKS && segmentBlocks <= Geometry.SEGMENT_BLOCKS;
        if (!possible
                || segments < 1
                || segments != Geometry.of(b.getLong(48), segmentBlocks).segments()) {
            throw new EngineException(
                    ErrorCode.DAMAGED,
                    device.name() + ": the superblock names an impossible layout: " + segments + " segments of "
                            + segmentBlocks + " blocks on " + b.getLong(48) + " bytes. Nothing was changed.");
        }
        return new Geometry(segmentBlocks, (int) segments);
    }

    ByteBuffer encode() {
        ByteBuffer b = Blocks.allocate(1);
        b.putLong(0, MAGIC).putInt(8, VERSION);
        putUuid(b, 16, cacheUuid);
        putUuid(b, 32, pairUuid);
        b.putLong(48, cache.sizeBytes()).putLong(56, backing.sizeBytes());
        b.putInt(64, geometry.segmentBlocks()).putInt(68, backingSectorBytes);
        b.putLong(72, geometry.segments()).putLong(80, formattedMs);
        putText(b, 128, cache.stableName(), NAME_BYTES);
        putText(b, 640, cache.serial(), SERIAL_BYTES);
        putText(b, 896, backing.stableName(), NAME_BYTES);
        putText(b, 1408, backing.serial(), SERIAL_BYTES);
        b.putInt(CRC_AT, new Crc().ofStructure(b, 0, BLOCK_BYTES, CRC_AT));
        return b;
    }

    /** Writes both copies; the caller syncs. */
    void write(BlockDevice device) throws IOException {
        device.write(0, encode());
        device.write(Geometry.secondSuperblockByteOffset(device.sizeBytes()), encode());
    }

    /** Overwrites both copies with zeros; the caller syncs. */
    static void erase(BlockDevice device) throws IOException {
        device.write(0, Blocks.allocate(1));
        device.write(Geometry.secondSuperblockByteOffset(device.sizeBytes()), Blocks.allocate(1));
    }

    static UUID uuid(ByteBuffer b, int at) {
        return new UUID(Long.reverseBytes(b.getLong(at)), Long.reverseBytes(b.getLong(at + 8)));
    }

    static void putUuid(ByteBuffer b, int at, UUID uuid) {
        b.putLong(at, Long.reverseBytes(uuid.getMostSignificantBits()));
        b.putLong(at + 8, Long.reverseBytes(uuid.getLeastSignificantBits()));
    }

    /** A stable name as a superblock holds it: whole, or, if it is too long, its beginning and its checksum. */
    public static String storedName(String stableName) {
        return fitting(stableName, NAME_BYTES);
    }

    private static String fitting(String text, int maxBytes) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= maxBytes) {
            return text;
        }
        String mark = String.format("#%08x", new Crc().of(ByteBuffer.wrap(bytes), 0, bytes.length));
        int end = maxBytes - mark.length();
        while ((bytes[end] & 0xC0) == 0x80) {
            end--; // not in the middle of a character
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8) + mark;
    }

    private static String text(ByteBuffer b, int at, int maxBytes) {
        int length = Math.min(b.getShort(at) & 0xFFFF, maxBytes);
        byte[] bytes = new byte[length];
        b.get(at + 2, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void putText(ByteBuffer b, int at, String text, int maxBytes) {
        byte[] bytes = fitting(text, maxBytes).getBytes(StandardCharsets.UTF_8);
        b.putShort(at, (short) bytes.length);
        b.put(at + 2, bytes);
    }
}
