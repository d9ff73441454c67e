package writeboost.engine.log;

import static writeboost.engine.log.Geometry.BLOCK_SECTORS;
import static writeboost.engine.log.Geometry.SECTOR_BYTES;

import java.util.ArrayList;
import java.util.List;

/** Sectors of a block that follow one another; offset and length in bytes. */
public record Sectors(int offsetBytes, int lengthBytes) {
    /** The runs of sectors in a mask of 8. */
    public static List<Sectors> of(int mask) {
        List<Sectors> runs = new ArrayList<>();
        for (int s = 0; s < BLOCK_SECTORS; s++) {
            int start = s;
            while (s < BLOCK_SECTORS && (mask >> s & 1) != 0) {
                s++;
            }
            if (s > start) {
                runs.add(new Sectors(start * SECTOR_BYTES, (s - start) * SECTOR_BYTES));
            }
        }
        return runs;
    }
}
