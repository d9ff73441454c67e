package writeboost.engine.device;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds what tells a device from others: a name under /dev/disk/by-id, a serial number. What is missing stays empty. */
final class DeviceIdentities {
    private static final Path BY_ID = Paths.get("/dev/disk/by-id");
    private static final Path UDEV = Paths.get("/run/udev/data");
    private static final String UDEV_SERIAL = "E:ID_SERIAL_SHORT=";

    /** Names that also tell the model, before bare numbers. */
    private static final Comparator<String> BEST_NAME = Comparator.<String, Boolean>comparing(
                    name -> name.matches("(wwn-|nvme-eui|nvme-nvme|scsi-3).*"))
            .thenComparing(Comparator.naturalOrder());

    private final Path byId;
    private final Path udev;

    DeviceIdentities(Path byId, Path udev) {
        this.byId = byId;
        this.udev = udev;
    }

    static DeviceIdentity of(FileTarget target, long sizeBytes) {
        return new DeviceIdentities(BY_ID, UDEV).find(target, sizeBytes);
    }

    DeviceIdentity find(FileTarget target, long sizeBytes) {
        String real = target.realPath().toString();
        String stable = target.isBlockDevice() ? stableName(target, real) : real;
        String serial = target.isBlockDevice() ? serial(target) : "";
        return new DeviceIdentity(target.name(), stable, serial, sizeBytes);
    }

    private String stableName(FileTarget target, String otherwise) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(byId)) {
            for (Path link : links) {
                if (leadsTo(link, target)) {
                    names.add(link.getFileName().toString());
                }
            }
        } catch (IOException e) {
            return otherwise; // no udev here
        }
        return names.stream()
                .min(BEST_NAME)
                .map(name -> byId.resolve(name).toString())
                .orElse(otherwise);
    }

    private static boolean leadsTo(Path link, FileTarget target) {
        try {
            return FileTarget.of(link).isSameAs(target);
        } catch (IOException e) {
            return false; // dangling: a disk just being unplugged
        }
    }

    /** What udev found out; else what the kernel shows: in the disk's own folder, or one of those it hangs on (USB). */
    private String serial(FileTarget target) {
        try {
            for (String line : Files.readAllLines(udev.resolve("b" + target.majorMinor()))) {
                if (line.startsWith(UDEV_SERIAL)) {
                    return line.substring(UDEV_SERIAL.length());
                }
            }
            return kernelSerial(target.sysfs().toRealPath());
        } catch (IOException e) {
            return kernelSerial(target.sysfs());
        }
    }

    private static String kernelSerial(Path sysfs) {
        try {
            Path top = Paths.get("/sys/devices");
            for (Path at = sysfs.toRealPath(); at != null && !at.equals(top); at = at.getParent()) {
                for (String place : new String[] {"serial", "device/serial"}) {
                    if (Files.isReadable(at.resolve(place))) {
                        return Files.readString(at.resolve(place)).strip();
                    }
                }
            }
        } catch (IOException e) {
            return ""; // unplugged while we looked, or no /sys
        }
        return "";
    }
}
