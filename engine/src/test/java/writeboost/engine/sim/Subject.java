package writeboost.engine.sim;

import java.io.IOException;
import java.util.List;
import java.util.Set;
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

    /**
     * Something on the cache device that counts.
     *
     * @param kind what damage to it is
     * @param offsetBytes of its block of 4 KiB
     * @param address block of the disk; -1 if it is not the data of one
     * @param dirty sectors of the block that are nowhere else
     */
    record Part(FaultKind kind, long offsetBytes, long address, int dirty) {}

    /** What on a cache device that nothing has open counts, and damage to which must be told. */
    default List<Part> parts(BlockDevice cache) throws IOException {
        return List.of();
    }

    /** What verifying a cache device finds damaged, or why it can't be verified. */
    default Set<String> findings(BlockDevice cache) throws IOException {
        return Set.of();
    }

    /** What a cache device holds, for people. */
    default String describe(BlockDevice cache) throws IOException {
        return "";
    }

    /** Whether the cache device, which nothing has open, holds what the backing device has not. */
    default boolean isDirty(BlockDevice cache) throws IOException {
        return true;
    }

    /** Whether the cache device says that it knows what the backing device holds, so that any change is somebody else's. */
    default boolean knowsDisk(BlockDevice cache) throws IOException {
        return false;
    }

    /** The data blocks of the log that lie in a stretch of the cache device. */
    default List<LogMap.Held> held(SimMedium cache, long offsetBytes, long lengthBytes) {
        return List.of();
    }

    /** The largest durable mark that is durable on the cache device. */
    default long durable(SimMedium cache) {
        return 0;
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

        /** Whether hardly any room is left in the log. */
        default boolean isNearlyFull() {
            return false;
        }

        /** As the engine's: a clean stop. */
        void stop() throws IOException;
    }
}
