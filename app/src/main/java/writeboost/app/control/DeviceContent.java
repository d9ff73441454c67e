package writeboost.app.control;

import org.jspecify.annotations.Nullable;

/**
 * What lies on a device or in a file.
 *
 * @param path as given
 * @param exists whether there is anything at that path
 * @param bytes its size; 0 if it does not exist
 * @param found what its first and last bytes look like, such as {@code an ext4 file system}; null if they are all zero
 */
public record DeviceContent(
        String path, boolean exists, long bytes, @Nullable String found) {}
