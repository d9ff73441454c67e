package writeboost.engine.sim;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import writeboost.engine.device.BlockDevice;

/** The journal of a {@link TinyCache}: addresses, contents and a checksum, always at the same place. */
final class TinyJournal {
    static final int MAX_SECTORS = 4096;
    private static final int HEAD_SECTORS = 40;
    static final long BYTES = (long) (HEAD_SECTORS + MAX_SECTORS) * Stamp.SECTOR;
    private static final long MAGIC = 0x54494E594A4F5552L;

    private final BlockDevice device;
    private final boolean checks;

    TinyJournal(BlockDevice device, boolean checks) {
        this.device = device;
        this.checks = checks;
    }

    void voidIt() throws IOException {
        device.zero(0, Stamp.SECTOR, true);
    }

    void write(List<Integer> addresses, List<byte[]> contents) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(contents.size() * Stamp.SECTOR);
        contents.forEach(data::put);
        device.write((long) HEAD_SECTORS * Stamp.SECTOR, data.flip());
        ByteBuffer head = ByteBuffer.allocate(HEAD_SECTORS * Stamp.SECTOR);
        head.putLong(MAGIC).putLong(0).putInt(addresses.size());
        addresses.forEach(head::putInt);
        head.putLong(8, crc(head, data, addresses.size()));
        device.write(0, head.clear());
    }

    private static long crc(ByteBuffer head, ByteBuffer data, int count) {
        CRC32C crc = new CRC32C();
        crc.update(head.duplicate().clear().position(16).limit(20 + 4 * count));
        crc.update(data.duplicate().clear());
        return crc.getValue();
    }

    /** Sectors by address; empty if the journal is not valid. */
    SortedMap<Integer, byte[]> read(int diskSectors) throws IOException {
        TreeMap<Integer, byte[]> found = new TreeMap<>();
        ByteBuffer head = ByteBuffer.allocate(HEAD_SECTORS * Stamp.SECTOR);
        device.read(0, head);
        int count = head.getInt(16);
        if (head.getLong(0) != MAGIC || count < 1 || count > MAX_SECTORS) {
            return found;
        }
        ByteBuffer data = ByteBuffer.allocate(count * Stamp.SECTOR);
        device.read((long) HEAD_SECTORS * Stamp.SECTOR, data);
        if (!checks || crc(head, data, count) == head.getLong(8)) {
            for (int i = 0; i < count; i++) {
                byte[] sector = new byte[Stamp.SECTOR];
                data.get(i * Stamp.SECTOR, sector);
                found.put(Math.floorMod(head.getInt(20 + 4 * i), diskSectors), sector);
            }
        }
        return found;
    }
}
