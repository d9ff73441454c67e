package writeboost.engine.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The disks that the kernel's NBD client has made of exports of this machine, and where they are mounted, as far as
 * {@code /proc} and {@code /sys} tell. Meant for a sentence to the user, never as the ground for doing something: the kernel
 * does not say which export a disk is of.
 *
 * <p>Any thread may call.
 */
public final class NbdDevices {
    private static final int MOUNTINFO_DEVICE = 2;
    private static final int MOUNTINFO_PLACE = 4;
    private static final int SECTOR_BYTES = 512;
    /** The folder of a partition has this file. */
    private static final String PARTITION = "partition";

    private final Path proc;
    private final Path sys;

    /**
     * A disk.
     *
     * @param path such as {@code /dev/nbd0}
     * @param mountPoints where it, or a partition of it, is mounted
     */
    public record Attached(String path, List<String> mountPoints) {}

    NbdDevices(Path proc, Path sys) {
        this.proc = proc;
        this.sys = sys;
    }

    /** Those of this machine. */
    public static NbdDevices ofThisMachine() {
        return new NbdDevices(Path.of("/proc"), Path.of("/sys"));
    }

    /**
     * Finds the disks of an export. The command line of the process that keeps a disk names its socket. Where that process
     * has left it to the kernel and ended, the size decides.
     *
     * @param socket where the export is served
     * @param sizeBytes of the export
     */
    public List<Attached> of(String socket, long sizeBytes) {
        List<Attached> found = new ArrayList<>();
        for (Path disk : children(sys.resolve("block"), "nbd*")) {
            Optional<String> pid = read(disk.resolve("pid"));
            if (pid.isPresent() && isOf(disk, pid.get(), socket, sizeBytes)) {
                found.add(new Attached("/dev/" + disk.getFileName(), mountPoints(disk)));
            }
        }
        return found;
    }

    private boolean isOf(Path disk, String pid, String socket, long sizeBytes) {
        Optional<String> keeper = read(proc.resolve(pid).resolve("cmdline"));
        if (keeper.isPresent() && keeper.get().contains("nbd")) {
            return List.of(keeper.get().split("\0", -1)).stream().anyMatch(word -> names(word, socket));
        }
        return read(disk.resolve("size"))
                .filter(size -> size.equals(Long.toString(sizeBytes / SECTOR_BYTES)))
                .isPresent();
    }

    /** A path that is not absolute was meant from a folder that is not known any more. */
    private static boolean names(String word, String socket) {
        return word.equals(socket)
                || (!word.isEmpty()
                        && !word.startsWith("/")
                        && Path.of(word).getFileName().equals(Path.of(socket).getFileName()));
    }

    private List<String> mountPoints(Path disk) {
        List<String> numbers = new ArrayList<>();
        read(disk.resolve("dev")).ifPresent(numbers::add);
        for (Path part : children(disk, "nbd*")) {
            if (Files.exists(part.resolve(PARTITION))) {
                read(part.resolve("dev")).ifPresent(numbers::add);
            }
        }
        List<String> places = new ArrayList<>();
        for (String line : read(proc.resolve("self/mountinfo")).orElse("").split("\n", -1)) {
            String[] fields = line.split(" ", -1);
            if (fields.length > MOUNTINFO_PLACE && numbers.contains(fields[MOUNTINFO_DEVICE])) {
                places.add(unescape(fields[MOUNTINFO_PLACE]));
            }
        }
        return places;
    }

    /** The kernel writes blanks, tabs, line ends and backslashes as octal numbers. */
    private static String unescape(String path) {
        return path.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            return Optional.empty(); // it went away while we looked, or was never there
        }
    }

    private static List<Path> children(Path folder, String glob) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
            entries.forEach(found::add);
        } catch (IOException e) {
            return List.of();
        }
        found.sort(Comparator.comparing(Path::toString));
        return found;
    }
}
