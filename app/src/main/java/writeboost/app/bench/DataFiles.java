package writeboost.app.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/** Files that play disks. */
final class DataFiles {
    private static final int PIECE_BYTES = 4 << 20;
    private static final long SEED = 20_260_101;

    private DataFiles() {}

    /** Makes one that takes no room. */
    static void sparse(Path file, long bytes) throws IOException {
        try (FileChannel channel = create(file)) {
            channel.write(ByteBuffer.allocate(1), bytes - 1);
        }
    }

    /** Makes one full of noise, all of it on the disk: what a file system need not look up first, and what no disk can compress. */
    static void full(Path file, long bytes, Workbench bench) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
        try (FileChannel channel = create(file)) {
            for (long at = 0; at < bytes; at += PIECE_BYTES) {
                bench.check();
                piece.clear();
                while (piece.hasRemaining()) {
                    piece.putLong(random.nextLong());
                }
                piece.flip().limit((int) Math.min(PIECE_BYTES, bytes - at));
                while (piece.hasRemaining()) {
                    channel.write(piece);
                }
            }
            channel.force(true);
        }
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }
}
