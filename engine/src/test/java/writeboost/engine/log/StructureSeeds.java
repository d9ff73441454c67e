package writeboost.engine.log;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import writeboost.engine.fuzz.FuzzInput;

/** Inputs for targets that spoil one structure of the format: a byte of their own, then edits. */
final class StructureSeeds {
    private StructureSeeds() {}

    /** Each field on its own: with a bit turned and with the largest values, checksum mended and not. */
    static Stream<byte[]> of(int... fields) {
        List<byte[]> seeds = new ArrayList<>();
        seeds.add(new byte[] {});
        for (int field : fields) {
            for (int mode = 0; mode < 4; mode++) {
                seeds.add(new byte[] {(byte) mode, (byte) (field >> 8), (byte) field, 0, 1});
                seeds.add(new byte[] {(byte) mode, (byte) (field >> 8), (byte) field, 3, -1, -1, -1, 127});
            }
        }
        return seeds.stream();
    }

    /** Overwrites pieces of a structure: place, length, bytes. */
    static ByteBuffer spoilt(ByteBuffer structure, FuzzInput in) {
        while (!in.isEmpty()) {
            int at = in.nextShort() % structure.capacity();
            byte[] with = in.take(1 + in.next() % BLOCK_BYTES);
            structure.put(at, with, 0, Math.min(with.length, structure.capacity() - at));
        }
        return structure;
    }
}
