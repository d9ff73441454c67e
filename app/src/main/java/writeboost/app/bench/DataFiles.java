package writeboost.app.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.SplittableRandom;

/** Files that play disks. */
final class DataFiles {
    private static final int PIECE_BYTES = 4 << 20;
    private static final long SEED = 20_260_101;

    private DataFiles() {}

    /** Makes one that takes no room. */
    static void sparse(Path file, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), bytes - 1);
        }
    }

    /**
     * Makes one full of noise, all of it on the disk: what a file system need not look up first, and what no disk can compress. One
     * that is there already is cut off, or gets more.
     */
    static void full(Path file, long bytes, Workbench bench) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
        try (FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE))) {
            channel.truncate(bytes);
            long begin = channel.size();
            SplittableRandom random = new SplittableRandom(SEED + begin);
            channel.position(begin);
            for (long at = begin; at < bytes; at += PIECE_BYTES) {
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
}
