package writeboost.app.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A server of somebody else's, from a Debian package.
 *
 * @param name as in {@code nbdkit memory}
 * @param tool the program
 * @param arguments what it is started with, given a socket to listen on; starts in the foreground
 */
record Peer(String name, String tool, Arguments arguments) implements Contestant {
    /** The arguments for a server. */
    @FunctionalInterface
    interface Arguments {
        /** Makes them, and the files that they name. */
        List<String> of(Workbench bench, Path socket) throws IOException;
    }

    @Override
    public List<String> tools() {
        return List.of(tool);
    }

    @Override
    public Server start(Workbench bench) throws IOException {
        Path program = bench.tools().find(tool).orElseThrow(() -> new IOException(tool + " is not installed"));
        Address address = new Address(bench.small().resolve(name.replaceAll("[^A-Za-z0-9]+", "-") + ".sock"), "");
        List<String> command = new java.util.ArrayList<>(List.of(program.toString()));
        command.addAll(arguments.of(bench, address.socket()));
        return new ChildServer(
                bench, name, address, command, Map.of("TMPDIR", bench.data().toString()));
    }
}
