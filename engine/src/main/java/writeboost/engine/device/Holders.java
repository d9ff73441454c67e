package writeboost.engine.device;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out who holds a file or a disk, as far as the kernel tells, to say in a message what to do. */
final class Holders {
    private static final Path MOUNTS = Paths.get("/proc/self/mountinfo");
    private static final Path BLOCK = Paths.get("/sys/block");
    private static final int MOUNTINFO_DEVICE = 2;
    private static final int MOUNTINFO_PLACE = 4;

    private Holders() {}

    /** Who holds it and what to do about that, or null if nobody is found. */
    static @Nullable String of(FileTarget target) {
        return target.isBlockDevice() ? ofDisk(target) : ofFile(target);
    }

    /** The loop device made of a file: writing to both would destroy what is on it. */
    private static @Nullable String ofFile(FileTarget target) {
        for (Path disk : children(BLOCK, "loop*")) {
            try {
                String backing =
                        Files.readString(disk.resolve("loop/backing_file")).strip();
                if (FileTarget.of(Paths.get(backing)).isSameAs(target)) {
                    String node = "/dev/" + disk.getFileName();
                    return node + " is made of it; detach that first: losetup -d " + node;
                }
            } catch (IOException e) {
                // not attached, or its file was deleted: not ours
            }
        }
        return null;
    }

    private static @Nullable String ofDisk(FileTarget target) {
        List<String> numbers = new ArrayList<>(List.of(target.majorMinor()));
        for (Path part : children(target.sysfs(), "*")) {
            try {
                if (Files.exists(part.resolve("partition"))) {
                    numbers.add(Files.readString(part.resolve("dev")).strip());
                }
            } catch (IOException e) {
                // vanished while we looked
            }
        }
        String place = mountOf(numbers);
        if (place != null) {
            return "mounted at " + place + "; unmount that first: umount " + place;
        }
        for (Path holder : children(target.sysfs().resolve("holders"), "*")) {
            return "/dev/" + holder.getFileName() + " is made of it; stop that first";
        }
        return null;
    }

    private static @Nullable String mountOf(List<String> numbers) {
        try {
            for (String line : Files.readAllLines(MOUNTS)) {
                List<String> fields = List.of(line.split(" "));
                if (fields.size() > MOUNTINFO_PLACE && numbers.contains(fields.get(MOUNTINFO_DEVICE))) {
                    return fields.get(MOUNTINFO_PLACE).replace("\\040", " ");
                }
            }
        } catch (IOException e) {
            return null; // no /proc: then nothing is known
        }
        return null;
    }

    private static List<Path> children(Path folder, String glob) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
            entries.forEach(found::add);
        } catch (IOException e) {
            return List.of(); // no such folder: nothing there
        }
        return found;
    }
}
