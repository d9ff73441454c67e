package writeboost.app.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The programs of others that rows use, and the Debian packages that have them. */
final class Tools {
    /** Where a user's PATH may not lead, and what root needs is. */
    private static final String ROOTS_FOLDERS = "/usr/local/sbin:/usr/sbin:/sbin";

    private static final Map<String, String> PACKAGES = Map.ofEntries(
            Map.entry("fio", "fio"),
            Map.entry("nbdkit", "nbdkit"),
            Map.entry("qemu-nbd", "qemu-utils"),
            Map.entry("nbd-server", "nbd-server"),
            Map.entry("nbdfuse", "libnbd-bin"),
            Map.entry("mkfs.ext4", "e2fsprogs"),
            Map.entry("mount", "mount"),
            Map.entry("umount", "mount"),
            Map.entry("sync", "coreutils"),
            Map.entry("tar", "tar"));

    private final List<Path> folders;

    /**
     * Looks for them.
     *
     * @param path as the variable PATH
     */
    Tools(String path) {
        folders = Stream.concat(Arrays.stream(path.split(":")), Arrays.stream(ROOTS_FOLDERS.split(":")))
                .filter(folder -> folder.startsWith("/"))
                .map(Path::of)
                .distinct()
                .toList();
    }

    /** Where a program is. */
    Optional<Path> find(String tool) {
        return folders.stream()
                .map(folder -> folder.resolve(tool))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /** Why these cannot be used, with the packages that would help; empty if they can. */
    Optional<String> missing(List<String> tools) {
        List<String> missing =
                tools.stream().filter(tool -> find(tool).isEmpty()).distinct().toList();
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        TreeSet<String> packages = new TreeSet<>();
        missing.forEach(tool -> packages.add(PACKAGES.getOrDefault(tool, tool)));
        return Optional.of(String.join(", ", missing) + (missing.size() == 1 ? " is" : " are")
                + " not installed: apt install " + String.join(" ", packages));
    }
}
