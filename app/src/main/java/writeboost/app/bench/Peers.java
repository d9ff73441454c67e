package writeboost.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The servers of others, each with the options that its manual recommends for speed. */
final class Peers {
    /** More than any row has. */
    private static final int CLIENTS = 64;

    private Peers() {}

    /** A file of a row, given the workbench. */
    @FunctionalInterface
    interface FileSource {
        Path in(Workbench bench) throws IOException;
    }

    /** nbdkit's RAM disk. */
    static Contestant nbdkitMemory(long bytes) {
        return new Peer("nbdkit memory", "nbdkit", (bench, socket) -> nbdkit(socket, "memory", Long.toString(bytes)));
    }

    /** nbdkit on a file, through the page cache. */
    static Contestant nbdkitFile(FileSource file) {
        return new Peer("nbdkit file", "nbdkit", (bench, socket) -> nbdkit(socket, "file", file.in(bench) + ""));
    }

    /** nbdkit that passes on to another server. */
    static Contestant nbdkitOn(Server other) {
        return new Peer(
                "nbdkit nbd",
                "nbdkit",
                (bench, socket) ->
                        nbdkit(socket, "nbd", "uri=" + other.address().uri()));
    }

    /** The same with nbdkit's cache in front of it, in the folder for data; see nbdkit-cache-filter(1). */
    static Contestant nbdkitCacheOn(Server other, String... options) {
        List<String> words = new ArrayList<>(
                List.of("--filter=cache", "nbd", "uri=" + other.address().uri()));
        words.addAll(List.of(options));
        return new Peer("nbdkit cache", "nbdkit", (bench, socket) -> nbdkit(socket, words.toArray(String[]::new)));
    }

    /** qemu-nbd on a raw file with its defaults, through the page cache. */
    static Contestant qemuFile(FileSource file) {
        return new Peer("qemu-nbd", "qemu-nbd", (bench, socket) -> qemu(socket, "--image-opts", raw(file.in(bench))));
    }

    /** qemu-nbd on a raw file past the page cache, with the fastest of its ways to reach a disk. */
    static Contestant qemuDirect(FileSource file) {
        return new Peer(
                "qemu-nbd direct",
                "qemu-nbd",
                (bench, socket) -> qemu(socket, "--cache=none", "--aio=io_uring", "--image-opts", raw(file.in(bench))));
    }

    /** qemu-nbd that passes on to another server. */
    static Contestant qemuOn(Server other) {
        return new Peer(
                "qemu-nbd nbd",
                "qemu-nbd",
                (bench, socket) -> qemu(socket, "-f", "raw", other.address().uri()));
    }

    /** The reference server on a file. */
    static Contestant nbdServer(FileSource file) {
        return new NbdServerPeer(file);
    }

    private static List<String> nbdkit(Path socket, String... words) {
        List<String> all = new ArrayList<>(List.of("--foreground", "--exit-with-parent", "--unix", socket.toString()));
        all.addAll(List.of(words));
        return all;
    }

    /** A raw file without a lock: that would shut out the others that serve it in the same row. */
    private static String raw(Path file) {
        return "driver=raw,file.driver=file,file.locking=off,file.filename=" + file;
    }

    private static List<String> qemu(Path socket, String... words) {
        List<String> all = new ArrayList<>(List.of("--persistent", "--shared=" + CLIENTS, "--socket=" + socket));
        all.addAll(List.of(words));
        return all;
    }

    /**
     * A file of so many bytes, full of data, so that the file system has nothing to note down when it is overwritten. Kept: what
     * one row has written there, the next one finds.
     */
    static FileSource fullFile(String name, long bytes) {
        return bench -> {
            Path file = bench.kept().resolve(name);
            DataFiles.full(file, bytes, bench);
            return file;
        };
    }

    /** A sparse file of so many bytes. */
    static FileSource emptyFile(String name, long bytes) {
        return bench -> {
            Path file = bench.data().resolve(name);
            if (!Files.exists(file)) {
                DataFiles.sparse(file, bytes);
            }
            return file;
        };
    }
}
