package writeboost.engine.device;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Loop devices for tests, made with losetup. Only root can; others skip these tests, saying so. Root without loop devices
 * (a container) skips them too, but not where {@code CI=true} says that everything has to run.
 */
final class Loop implements AutoCloseable {
    private final Path node;

    private Loop(Path node) {
        this.node = node;
    }

    /** Makes a block device of a file. */
    static Loop attach(Path file, int sectorBytes, String... more) throws IOException {
        requireRoot();
        List<String> command = new java.util.ArrayList<>(
                List.of("losetup", "--find", "--show", "--sector-size", Integer.toString(sectorBytes)));
        command.addAll(List.of(more));
        command.add(file.toString());
        Result result = run(command.toArray(String[]::new));
        if (result.status != 0) {
            cannot("losetup: " + result.output);
        }
        return new Loop(Paths.get(result.output));
    }

    static void requireRoot() {
        assumeTrue(
                "root".equals(System.getProperty("user.name")), "only root can make loop devices and mount; skipped");
    }

    private static void cannot(String why) {
        if ("true".equals(System.getenv("CI"))) {
            fail("cannot be skipped in CI: " + why);
        }
        assumeTrue(false, why);
    }

    Path node() {
        return node;
    }

    @Override
    public void close() throws IOException {
        mustRun("losetup", "--detach", node.toString());
    }

    /** How a program ended. */
    record Result(int status, String output) {}

    static void mustRun(String... command) throws IOException {
        Result result = run(command);
        if (result.status != 0) {
            fail(String.join(" ", command) + ": " + result.output);
        }
    }

    static Result run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                fail(String.join(" ", command) + " does not end");
            }
            return new Result(process.exitValue(), text);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
