package writeboost.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Damages to a {@link LogImage}, and their mending. */
final class ImageParts {
    private ImageParts() {}

    /** Flips a bit of a byte of the cache device. */
    static void flip(LogImage image, long atByte) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(Geometry.SECTOR_BYTES);
        long sector = atByte / Geometry.SECTOR_BYTES * Geometry.SECTOR_BYTES;
        image.cache.read(sector, b);
        int i = (int) (atByte - sector);
        b.put(i, (byte) (b.get(i) ^ 0x20));
        image.cache.write(sector, b.clear());
    }

    /** Puts the segments back as they were in a copy of the device, and leaves superblocks and checkpoints alone. */
    static void copySegments(LogImage image, byte[] from) throws IOException {
        int start = (int) image.geometry.byteOffset(0);
        int length = image.geometry.positions() * Geometry.BLOCK_BYTES;
        image.cache.write(start, ByteBuffer.wrap(from, start, length));
    }
}
