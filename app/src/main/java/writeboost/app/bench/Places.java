package writeboost.app.bench;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import writeboost.app.client.Shuffled;

/** Where the requests of a load go, one after the other. */
final class Places {
    private final Load load;
    private final long blocks;
    private final SplittableRandom random;
    private final @Nullable Zipf zipf;
    private final @Nullable Shuffled shuffled;
    private long next;

    Places(Load load) {
        this.load = load;
        this.blocks = Math.max(1, load.regionBytes() / load.blockBytes());
        this.random = new SplittableRandom(load.seed());
        this.zipf = load.zipf() > 0 ? new Zipf(Math.toIntExact(blocks), load.zipf(), random) : null;
        this.shuffled = load.eachOnce() ? new Shuffled(Math.toIntExact(blocks), random) : null;
    }

    /** The byte at which the next request begins. */
    long next() {
        return nextBlock() * load.blockBytes();
    }

    private long nextBlock() {
        if (zipf != null) {
            return zipf.next();
        }
        if (shuffled != null) {
            return shuffled.next();
        }
        return load.kind().isRandom() ? random.nextLong(blocks) : next++ % blocks;
    }
}
