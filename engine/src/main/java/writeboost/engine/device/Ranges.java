package writeboost.engine.device;

/** The check that every device makes of what its caller asks for. */
final class Ranges {
    private Ranges() {}

    /**
     * Refuses a range that is not made of whole sectors of the device.
     *
     * @throws IllegalArgumentException if so
     */
    static void check(BlockDevice device, long offsetBytes, long lengthBytes) {
        long mask = device.sectorBytes() - 1L;
        boolean inside = offsetBytes >= 0 && lengthBytes >= 0 && offsetBytes <= device.sizeBytes() - lengthBytes;
        if (!inside || ((offsetBytes | lengthBytes) & mask) != 0) {
            throw new IllegalArgumentException("range " + offsetBytes + " + " + lengthBytes + " is not inside "
                    + device.name() + " of " + device.sizeBytes() + " bytes, or not in sectors of "
                    + device.sectorBytes());
        }
    }

    /** Refuses a sector size that no disk has, and a size that is not made of sectors. */
    static void checkGeometry(long sizeBytes, int sectorBytes) {
        if (sectorBytes < 512 || Integer.bitCount(sectorBytes) != 1 || sizeBytes < 0 || sizeBytes % sectorBytes != 0) {
            throw new IllegalArgumentException("no device has " + sizeBytes + " bytes in sectors of " + sectorBytes);
        }
    }
}
