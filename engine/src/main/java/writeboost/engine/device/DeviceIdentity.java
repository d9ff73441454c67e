package writeboost.engine.device;

/**
 * What tells a device from others, as far as the machine knows.
 *
 * @param path as the user gave it
 * @param stableName a name that survives replugging (such as an entry of /dev/disk/by-id), or the real path of a file
 * @param serial the serial number, or empty
 * @param sizeBytes the size
 */
public record DeviceIdentity(String path, String stableName, String serial, long sizeBytes) {
    /** Whether both have a serial number. A name like /dev/sdb goes to whichever disk comes first: the number knows better. */
    public boolean comparesBySerial(DeviceIdentity other) {
        return !serial.isEmpty() && !other.serial.isEmpty();
    }

    /** Whether it is the same device as another, whatever their sizes: by serial number if both have one, else by name. */
    public boolean isSameDevice(DeviceIdentity other) {
        return comparesBySerial(other) ? serial.equals(other.serial) : stableName.equals(other.stableName);
    }
}
