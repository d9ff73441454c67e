package writeboost.engine.nbd;

import writeboost.engine.disk.Disk;

/**
 * A disk under its name. Two exports are the same only if they are the same object: a name that was removed and added
 * again is another export.
 */
final class Export {
    private final String name;
    private final Disk disk;

    Export(String name, Disk disk) {
        this.name = name;
        this.disk = disk;
    }

    String name() {
        return name;
    }

    Disk disk() {
        return disk;
    }
}
