package writeboost.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import writeboost.app.config.Sizes;

/** An archive with files as many and as small as those of a program's sources; always the same. */
final class SourceTree {
    static final int FILES = 2000;
    static final int FOLDERS = 100;
    /** Most files of sources are small and a few are large: sizes are even between these on a scale of powers of two. */
    private static final int SMALLEST_LOG2 = 9;

    private static final int LARGEST_LOG2 = 17;
    private static final long SEED = 20_260_101;

    private SourceTree() {}

    /** Their sizes, in words. */
    static String description() {
        return Sizes.format(1 << SMALLEST_LOG2) + " to " + Sizes.format(1 << LARGEST_LOG2) + " each";
    }

    /** Where the archive is, which is made if it is not there. */
    static Path tar(Workbench bench) throws IOException {
        Path tar = bench.kept().resolve("tree.tar");
        if (!Files.exists(tar)) {
            make(tar, bench);
        }
        return tar;
    }

    private static void make(Path tar, Workbench bench) throws IOException {
        Path tree = Files.createDirectory(bench.data().resolve("tree"));
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < FILES; i++) {
            Path folder = tree.resolve("folder-" + i % FOLDERS);
            if (i < FOLDERS) {
                bench.check();
                Files.createDirectory(folder);
            }
            double log2 = SMALLEST_LOG2 + random.nextDouble() * (LARGEST_LOG2 - SMALLEST_LOG2);
            byte[] content = new byte[(int) Math.pow(2, log2)];
            random.nextBytes(content);
            Files.write(folder.resolve("file-" + i), content);
        }
        bench.run("tar", "-cf", tar.toString(), "-C", tree.toString(), ".");
    }
}
