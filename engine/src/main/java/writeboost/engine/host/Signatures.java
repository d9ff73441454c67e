package writeboost.engine.host;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Recognises what lies on a device by well-known bytes near its beginning: enough to tell a person what an overwrite
 * would destroy. Not meant to be complete; what is not recognised and not zero is "data of an unknown kind".
 */
public final class Signatures {
    /** How many of the first bytes are looked at; btrfs has the farthest mark, at 64 KiB. */
    public static final int HEAD_BYTES = 128 << 10;

    private Signatures() {}

    /**
     * A mark.
     *
     * @param offsetBytes where, from the beginning of the device
     * @param bytes a character for each
     * @param what completes "holds …"
     */
    private record Mark(int offsetBytes, String bytes, String what) {}

    /** File systems before partition tables: FAT and NTFS boot sectors end like a partition table. */
    private static final List<Mark> MARKS = List.of(
            new Mark(0, "tsBW", "a dm-writeboost cache"),
            new Mark(0, "LUKS\u00ba\u00be", "a LUKS encrypted volume"),
            new Mark(0, "XFSB", "an XFS file system"),
            new Mark(3, "NTFS    ", "an NTFS file system"),
            new Mark(3, "EXFAT   ", "an exFAT file system"),
            new Mark(54, "FAT1", "a FAT file system"),
            new Mark(82, "FAT32", "a FAT32 file system"),
            new Mark(0x438, "S\u00ef", "an ext2, ext3 or ext4 file system"),
            new Mark(0x10040, "_BHRfS_M", "a btrfs file system"),
            new Mark(0x8001, "CD001", "an ISO 9660 file system"),
            new Mark(0x400, "\u0010 \u00f5\u00f2", "an F2FS file system"),
            new Mark(4096 - 10, "SWAPSPACE2", "swap space"),
            new Mark(512, "LABELONE", "an LVM physical volume"),
            new Mark(0x1000, "\u00fcN+\u00a9", "a member of a RAID"),
            new Mark(512, "EFI PART", "a GPT partition table"),
            new Mark(4096, "EFI PART", "a GPT partition table"),
            new Mark(0, "QFI\u00fb", "a qcow2 image"),
            new Mark(510, "U\u00aa", "a partition table or boot sector"));

    /**
     * What the beginning of a device looks like.
     *
     * @param head its first {@link #HEAD_BYTES}, or all of it if it is smaller, from position to limit; left as it is
     * @return completes "holds …"; empty if nothing is recognised
     */
    public static Optional<String> recognise(ByteBuffer head) {
        for (Mark mark : MARKS) {
            if (has(head, mark)) {
                return Optional.of(mark.what);
            }
        }
        return Optional.empty();
    }

    private static boolean has(ByteBuffer head, Mark mark) {
        if (mark.offsetBytes + mark.bytes.length() > head.remaining()) {
            return false;
        }
        for (int i = 0; i < mark.bytes.length(); i++) {
            if (head.get(head.position() + mark.offsetBytes + i) != (byte) mark.bytes.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
