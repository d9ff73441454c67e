package writeboost.engine.log;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import writeboost.engine.error.Invariant;

/**
 * A record of the marks (docs/format.md section 3).
 *
 * @param generation one more than the newest before
 * @param clean whether the log was closed properly after it
 * @param incarnations all whose successor's first seq is above oldest
 */
public record Checkpoint(
        long generation,
        long incarnation,
        long firstSeq,
        Marks marks,
        long wallTimeMs,
        boolean clean,
        Incarnations incarnations,
        Fingerprint fingerprint) {

    /** The largest that one takes on the device. */
    static final int MAX_BYTES = Geometry.CHECKPOINT_BLOCKS * BLOCK_BYTES;

    private static final long MAGIC = Superblock.magic("WBCHKPT1");
    private static final int VERSION = 1;
    static final int CRC_AT = 12;
    private static final int FLAG_CLEAN = 1;
    private static final int FINGERPRINT_AT = 128;
    private static final int INCARNATIONS_AT = 2240;

    /** How many incarnations fit. */
    static final int MAX_INCARNATIONS = 1900;

    /**
     * Writes it to the beginning of a buffer of at least {@link #MAX_BYTES}.
     *
     * @return how many bytes it takes, a multiple of the block size
     */
    int encode(UUID cacheUuid, ByteBuffer b, Crc crc) {
        int count = incarnations.size();
        Invariant.check(count <= MAX_INCARNATIONS, "the table of incarnations fits a checkpoint");
        int length = (INCARNATIONS_AT + 16 * count + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
        Blocks.zero(b, 0, length);
        b.putLong(0, MAGIC).putInt(8, VERSION);
        Superblock.putUuid(b, 16, cacheUuid);
        b.putLong(32, generation).putLong(40, incarnation).putLong(48, firstSeq);
        b.putLong(56, marks.durable()).putLong(64, marks.tail()).putLong(72, marks.oldest());
        b.putLong(80, wallTimeMs).putInt(88, length).putInt(92, clean ? FLAG_CLEAN : 0);
        b.putInt(96, count).putInt(100, fingerprint.blocks());
        fingerprint.encode(b, FINGERPRINT_AT);
        for (int i = 0; i < count; i++) {
            b.putLong(INCARNATIONS_AT + 16 * i, incarnations.number(i));
            b.putLong(INCARNATIONS_AT + 16 * i + 8, incarnations.firstSeq(i));
        }
        b.putInt(CRC_AT, crc.ofStructure(b, 0, length, CRC_AT));
        return length;
    }

    /** Reads the checkpoint of this cache from the beginning of a buffer; empty if it is not a valid one. */
    static Optional<Checkpoint> decode(UUID cacheUuid, ByteBuffer b, Crc crc) {
        int length = b.getInt(88);
        if (b.getLong(0) != MAGIC
                || b.getInt(8) != VERSION
                || !Superblock.uuid(b, 16).equals(cacheUuid)) {
            return Optional.empty();
        }
        if (length < BLOCK_BYTES || length > MAX_BYTES || length % BLOCK_BYTES != 0) {
            return Optional.empty();
        }
        if (crc.ofStructure(b, 0, length, CRC_AT) != b.getInt(CRC_AT)) {
            return Optional.empty();
        }
        int count = b.getInt(96);
        int blocks = b.getInt(100);
        Marks marks = new Marks(b.getLong(56), b.getLong(64), b.getLong(72));
        boolean numbered =
                Marks.isNumber(b.getLong(32)) && Marks.isNumber(b.getLong(40)) && Marks.isNumber(b.getLong(48));
        if (!numbered || !marks.arePossible()) {
            return Optional.empty();
        }
        boolean fits = count >= 0 && count <= MAX_INCARNATIONS && INCARNATIONS_AT + 16L * count <= length;
        if (!fits || blocks < 0 || blocks > Fingerprint.MAX_BLOCKS) {
            return Optional.empty();
        }
        Incarnations table = new Incarnations();
        for (int i = 0; i < count; i++) {
            long number = b.getLong(INCARNATIONS_AT + 16 * i);
            long first = b.getLong(INCARNATIONS_AT + 16 * i + 8);
            if (!Marks.isNumber(number) || !Marks.isNumber(first)) {
                return Optional.empty();
            }
            table.add(number, first);
        }
        return Optional.of(new Checkpoint(
                b.getLong(32),
                b.getLong(40),
                b.getLong(48),
                marks,
                b.getLong(80),
                (b.getInt(92) & FLAG_CLEAN) != 0,
                table,
                Fingerprint.decode(b, FINGERPRINT_AT, blocks)));
    }
}
