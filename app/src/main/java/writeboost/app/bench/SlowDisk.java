package writeboost.app.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import writeboost.app.config.Environment;

/**
 * The slow disk of all that are compared: the model of an external hard disk, on a file, served without a cache by this
 * program as a process of its own. Others sit on it over NBD.
 *
 * @param name of the disk, and of its file
 */
record SlowDisk(String name, long bytes) implements Contestant {
    /** The contestant that is the disk itself. */
    static final String BARE = "bare slow disk";

    static final String NBDKIT = "nbdkit nbd";
    static final String QEMU = "qemu-nbd nbd";

    /** The disk itself as a contestant. */
    static SlowDisk bare(long bytes) {
        return new SlowDisk(BARE, bytes);
    }

    /** What a pair takes for its backing device: the same model, in the process of the pair. */
    static OwnPair.Own.Backing backing(long bytes) {
        return bench -> "hdd:" + Peers.emptyFile("slow.img", bytes).in(bench);
    }

    @Override
    public List<String> tools() {
        return List.of();
    }

    @Override
    public Server start(Workbench bench) throws IOException {
        String export = name.replaceAll("[^A-Za-z0-9]+", "-");
        Path file = Peers.emptyFile(export + ".img", bytes).in(bench);
        Environment environment = bench.environment();
        Path sockets = environment.runtimeFolder().orElseThrow(() -> new IOException("there is no folder for sockets"));
        List<String> command = new ArrayList<>(OwnProgram.command(environment));
        command.addAll(List.of("bare-disk", export, "hdd:" + file));
        Address address = new Address(sockets.resolve(export + ".sock"), export);
        return new ChildServer(bench, name, address, command, OwnProgram.variables(environment));
    }

    /** nbdkit's nbd plugin on the disk, without a cache. */
    static Contestant underNbdkit(long bytes) {
        return under(NBDKIT, "nbdkit", bytes, Peers::nbdkitOn);
    }

    /** qemu-nbd on the disk's NBD URI, without a cache. */
    static Contestant underQemu(long bytes) {
        return under(QEMU, "qemu-nbd", bytes, Peers::qemuOn);
    }

    /** A server of somebody else's on a slow disk of its own. */
    interface Above {
        /** Makes it, given the disk. */
        Contestant on(Server disk);
    }

    /** That server as a contestant; its disk is started and ended with it. */
    static Contestant under(String name, String tool, long bytes, Above above) {
        return new Contestant() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public List<String> tools() {
                return List.of(tool);
            }

            @Override
            public Server start(Workbench bench) throws IOException {
                Server disk = new SlowDisk("under " + name, bytes).start(bench);
                boolean started = false;
                try {
                    Server server = above.on(disk).start(bench);
                    started = true;
                    return new Stack(name, server, disk);
                } finally {
                    if (!started) {
                        disk.close();
                    }
                }
            }
        };
    }

    private record Stack(String name, Server server, Server disk) implements Server {
        @Override
        public Address address() {
            return server.address();
        }

        @Override
        public double cpuSeconds() throws IOException {
            return server.cpuSeconds();
        }

        @Override
        public void close() throws IOException {
            try (disk) {
                server.close();
            }
        }
    }
}
