package writeboost.app.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.error.EngineException;
import writeboost.engine.host.Signatures;
import writeboost.engine.log.Superblock;

/**
 * Tells what lies on a device from its first and last bytes and from samples between: enough to know that nothing would be
 * lost, or to say what.
 */
final class DeviceLook {
    private static final int PIECE_BYTES = 128 << 10;
    /** Besides the first and the last MiB. Data that all of these miss is little, and its file system is gone. */
    private static final int SAMPLES = 256;

    private static final int EDGE_BYTES = 1 << 20;

    private final BlockDevice device;
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);

    private DeviceLook(BlockDevice device) {
        this.device = device;
    }

    /** Completes "holds …"; null if everything that was looked at is zero. */
    static @Nullable String at(BlockDevice device) throws IOException {
        return new DeviceLook(device).look();
    }

    private @Nullable String look() throws IOException {
        String cache = cache();
        if (cache != null) {
            return cache;
        }
        read(0);
        String known = Signatures.recognise(piece).orElse(null);
        if (known != null) {
            return known;
        }
        return isZero() ? null : "data of an unknown kind";
    }

    private @Nullable String cache() throws IOException {
        try {
            return Superblock.read(device)
                    .map(superblock -> "a Writeboost cache")
                    .orElse(null);
        } catch (EngineException e) {
            return "a Writeboost cache that is damaged or of another version";
        }
    }

    private boolean isZero() throws IOException {
        long size = device.sizeBytes();
        for (long at = 0; at < Math.min(size, EDGE_BYTES); at += PIECE_BYTES) {
            if (!isZero(at) || !isZero(size - at - PIECE_BYTES)) {
                return false;
            }
        }
        for (int sample = 1; sample <= SAMPLES; sample++) {
            if (!isZero(size / (SAMPLES + 1) * sample)) {
                return false;
            }
        }
        return true;
    }

    private boolean isZero(long atBytes) throws IOException {
        read(atBytes);
        while (piece.hasRemaining()) {
            if (piece.get() != 0) {
                return false;
            }
        }
        return true;
    }

    /** Reads the piece at about that place, as far as the device goes. */
    private void read(long atBytes) throws IOException {
        int sector = device.sectorBytes();
        long at = Math.max(0, atBytes) / sector * sector;
        piece.clear().limit((int) Math.min(PIECE_BYTES, device.sizeBytes() - at));
        device.read(at, piece);
        piece.flip();
    }
}
