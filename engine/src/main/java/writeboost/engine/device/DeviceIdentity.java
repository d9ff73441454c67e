package writeboost.engine.device;

/**
 * What tells a device from others, as far as the machine knows.
 *
 * @param path as the user gave it
 * @param stableName a name that survives replugging (such as an entry of /dev/disk/by-id), or the real path of a file
 * @param serial the serial number, or empty
 * @param sizeBytes the size
 */
public record DeviceIdentity(String path, String stableName, String serial, long sizeBytes) {}
