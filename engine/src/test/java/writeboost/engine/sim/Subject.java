package writeboost.engine.sim;

import java.io.IOException;
import java.util.List;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.disk.Disk;
import writeboost.engine.task.Tasks;

/** What is simulated: a cache over two devices. */
interface Subject {
    /** Makes an empty cache, whatever the cache device holds. */
    void format(BlockDevice cache, BlockDevice backing, Tasks tasks) throws IOException;

    /** Opens what was formatted. */
    Pair open(BlockDevice cache, BlockDevice backing, Tasks tasks, SimRandom random) throws IOException;

    /** Whether opening was refused because the cache device holds no cache. */
    boolean isNotFormatted(IOException refusal);

    /**
     * Looks at the cache device of a run without errors of devices, while nothing has it open.
     *
     * @return damage that was found; no cut is damage
     */
    default List<String> damage(BlockDevice cache) throws IOException {
        return List.of();
    }

    /** Bytes of the cache device. */
    long cacheBytes();

    /** What lies there on the cache device. */
    Phase place(long cacheOffsetBytes);

    /** An open cache. */
    interface Pair {
        /** What clients see. */
        Disk disk();

        /** As the engine's: when it returns, what was acknowledged before is durable. */
        void sync() throws IOException;

        /** As the engine's: besides, what was dirty is durable on the backing device. */
        void flush() throws IOException;

        /** As the engine's: besides, every cached block is forgotten. */
        void drop() throws IOException;

        /** Changes settings at random, and looks at a snapshot. */
        void tweak(SimRandom random);

        /** As the engine's: a clean stop. */
        void stop() throws IOException;
    }
}
