package writeboost.app.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A new ext4 on what a server serves, mounted until closed: by nbdfuse, which makes a file of it, and a loop device. */
final class MountedDisk implements Closeable {
    private static final long START_TIMEOUT_NS = 60_000_000_000L;
    private static final long LOOK_INTERVAL_MS = 50;

    private final Workbench bench;
    private final Children.Child fuse;
    private final Path folder;

    private MountedDisk(Workbench bench, Children.Child fuse, Path folder) {
        this.bench = bench;
        this.fuse = fuse;
        this.folder = folder;
    }

    static MountedDisk of(Server server, Workbench bench) throws IOException {
        Path file = Files.createDirectory(bench.small().resolve("fuse")).resolve("disk");
        Path folder = Files.createDirectory(bench.small().resolve("mounted"));
        String program = bench.tools().find("nbdfuse").orElseThrow().toString();
        Children.Child fuse = bench.children()
                .start(
                        "nbdfuse",
                        List.of(program, file.toString(), server.address().uri()),
                        Map.of());
        boolean mounted = false;
        try {
            awaitFile(file, fuse, bench);
            // what mkfs leaves for later would be done in the background while we measure
            bench.run("mkfs.ext4", "-q", "-F", "-E", "nodiscard", file.toString());
            bench.run("mount", "-o", "loop,noinit_itable", file.toString(), folder.toString());
            mounted = true;
        } finally {
            if (!mounted) {
                end(bench, fuse, folder);
            }
        }
        return new MountedDisk(bench, fuse, folder);
    }

    /** The root of the file system. */
    Path folder() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        try {
            bench.runToTheEnd("umount", folder.toString());
        } finally {
            end(bench, fuse, folder);
        }
    }

    private static void end(Workbench bench, Children.Child fuse, Path folder) throws IOException {
        bench.children().end(fuse);
        Files.deleteIfExists(folder);
        Files.deleteIfExists(bench.small().resolve("fuse"));
    }

    private static void awaitFile(Path file, Children.Child fuse, Workbench bench) throws IOException {
        long endNs = System.nanoTime() + START_TIMEOUT_NS;
        while (!Files.exists(file)) {
            bench.check();
            if (!fuse.process().isAlive()) {
                throw fuse.died();
            }
            if (System.nanoTime() > endNs) {
                throw new IOException("nbdfuse does not show the disk at " + file);
            }
            Pause.ms(LOOK_INTERVAL_MS);
        }
    }
}
