package writeboost.engine.cache;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.nio.ByteBuffer;
import writeboost.engine.log.Blocks;
import writeboost.engine.log.Crc;

/** What a thread needs to handle requests, so that nothing is allocated for each. */
final class Scratch {
    /** Blocks that are handled in one go, under one lock. */
    static final int PIECE_BLOCKS = 64;

    final Crc crc = new Crc();
    final int[] crcs = new int[PIECE_BLOCKS];

    /** What a slow path read for a partial write of a block, and when. */
    static final class Base {
        final ByteBuffer data = Blocks.allocate(1);
        /** The block, or -1 if nothing was read. */
        long block = -1;
        /** The entry that was the block's when this was read. */
        int id;
        /** The block's stamp then. */
        long stamp;
        /** Sectors that {@link #data} holds. */
        int mask;
        /** Dirty sectors are unreadable. */
        boolean damaged;

        void copySectors(int which, ByteBuffer to, int toAt) {
            for (int s = 0; s < 8; s++) {
                if ((which >> s & 1) != 0) {
                    to.put(toAt + s * 512, data, s * 512, 512);
                }
            }
        }
    }

    /** Zeros, for writes of zeros that are logged as blocks. */
    static final ByteBuffer ZEROS = Blocks.allocate(1).asReadOnlyBuffer();

    static final int ZERO_CRC = new Crc().of(ByteBuffer.allocate(BLOCK_BYTES), 0, BLOCK_BYTES);
}
