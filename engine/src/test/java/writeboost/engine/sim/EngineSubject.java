package writeboost.engine.sim;

import static writeboost.engine.log.Geometry.BLOCK_BYTES;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import writeboost.engine.cache.CachedDisk;
import writeboost.engine.cache.FormatOptions;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.Settings;
import writeboost.engine.device.BlockDevice;
import writeboost.engine.disk.Disk;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.inspect.CacheSummary;
import writeboost.engine.inspect.Finding;
import writeboost.engine.inspect.Inspection;
import writeboost.engine.log.Geometry;
import writeboost.engine.task.Tasks;

/** The engine, with a log so small that it goes round and round. */
final class EngineSubject implements Subject {
    /** docs/format.md section 1. */
    private static final int FIRST_SEGMENT_BLOCK = 128;

    private static final int FIRST_CHECKPOINT_BLOCK = 16;

    private final int segmentBlocks;
    private final long blocks;
    private final long seed;
    private int formats;

    EngineSubject(long seed) {
        this.seed = seed;
        SimRandom random = new SimRandom(seed ^ 0x5E6D);
        segmentBlocks = random.oneOf(8, 8, 16, 32);
        int segments = Geometry.MIN_SEGMENTS + random.oneOf(0, 1, 8, 40);
        blocks = FIRST_SEGMENT_BLOCK + (long) segments * segmentBlocks + 1 + random.below(segmentBlocks);
    }

    /** Segments of 8 blocks, so many. */
    static EngineSubject ofSegments(int segments) {
        return new EngineSubject(1, 8, segments);
    }

    private EngineSubject(long seed, int segmentBlocks, int segments) {
        this.seed = seed;
        this.segmentBlocks = segmentBlocks;
        blocks = FIRST_SEGMENT_BLOCK + (long) segments * segmentBlocks + 1;
    }

    @Override
    public long cacheBytes() {
        return blocks * BLOCK_BYTES;
    }

    @Override
    public Phase place(long cacheOffsetBytes) {
        long block = cacheOffsetBytes / BLOCK_BYTES;
        if (block >= FIRST_SEGMENT_BLOCK && block < blocks - 1) {
            return Phase.SEGMENT;
        }
        return block < FIRST_CHECKPOINT_BLOCK || block == blocks - 1 ? Phase.SUPERBLOCK : Phase.CHECKPOINT;
    }

    @Override
    public void format(BlockDevice cache, BlockDevice backing, Tasks tasks) throws IOException {
        FormatOptions options = new FormatOptions(new UUID(seed, ++formats), new UUID(seed, 0), segmentBlocks, true);
        CachedDisk.format(cache, backing, options, tasks, Progress.NONE);
    }

    @Override
    public boolean isNotFormatted(IOException refusal) {
        // DAMAGED: both copies of the superblock were being written, and both are torn.
        return refusal instanceof EngineException e
                && (e.code() == ErrorCode.NOT_A_CACHE || e.code() == ErrorCode.DAMAGED);
    }

    @Override
    public Pair open(BlockDevice cache, BlockDevice backing, Tasks tasks, SimRandom random) throws IOException {
        CachedDisk disk = CachedDisk.open(cache, backing, settings(random), tasks, event -> {}, Progress.NONE);
        return new Opened(disk);
    }

    @Override
    public List<String> damage(BlockDevice cache) throws IOException {
        try {
            return Inspection.verify(cache, false, Progress.NONE).findings().stream()
                    .filter(f -> !mayBeCut(f))
                    .map(Finding::what)
                    .toList();
        } catch (IOException e) {
            if (isNotFormatted(e)) {
                return List.of();
            }
            throw e;
        }
    }

    /** A superblock whose other copy was not written yet, and the second copy of a checkpoint, which is not always told apart. */
    private static boolean mayBeCut(Finding f) {
        return f.stake() == Finding.Stake.NONE
                && (f.part() == Finding.Part.SUPERBLOCK || f.part() == Finding.Part.CHECKPOINT);
    }

    @Override
    public List<Part> parts(BlockDevice cache) throws IOException {
        try {
            return EngineParts.of(Inspection.ofDevice(cache, false, Progress.NONE), segmentBlocks, blocks);
        } catch (IOException e) {
            if (isNotFormatted(e)) {
                return List.of();
            }
            throw e;
        }
    }

    @Override
    public Set<String> findings(BlockDevice cache) throws IOException {
        Set<String> found = new TreeSet<>();
        try {
            Inspection.verify(cache, false, Progress.NONE).findings().forEach(f -> found.add(f.what()));
        } catch (EngineException e) {
            found.add(String.valueOf(e.getMessage()));
        }
        return found;
    }

    @Override
    public String describe(BlockDevice cache) throws IOException {
        return EngineParts.describe(Inspection.ofDevice(cache, false, Progress.NONE));
    }

    @Override
    public boolean isDirty(BlockDevice cache) throws IOException {
        CacheSummary summary = Inspection.ofDevice(cache, false, Progress.NONE).summary();
        return summary.dirtyBlocks() + summary.dirtyRanges() > 0;
    }

    @Override
    public boolean knowsDisk(BlockDevice cache) throws IOException {
        CacheSummary.CheckpointInfo newest =
                Inspection.ofDevice(cache, false, Progress.NONE).summary().checkpoint();
        return newest != null && newest.clean();
    }

    @Override
    public List<LogMap.Held> held(SimMedium cache, long offsetBytes, long lengthBytes) {
        return new LogMap(segmentBlocks, at -> cache.block(at, false)).held(offsetBytes, lengthBytes, segments());
    }

    @Override
    public long durable(SimMedium cache) {
        return new LogMap(segmentBlocks, at -> cache.block(at, true)).durable(segments());
    }

    private int segments() {
        return (int) ((blocks - FIRST_SEGMENT_BLOCK - 1) / segmentBlocks);
    }

    private static Settings settings(SimRandom random) {
        return new Settings(
                random.oneOf(0, 70, 100, 100),
                random.oneOf(1, 1, 2, 32),
                random.oneOf(0, 1, 60),
                random.oneOf(0, 1, 5),
                random.oneOf(0, 4, 127));
    }

    private record Opened(CachedDisk cached) implements Pair {
        @Override
        public Disk disk() {
            return cached;
        }

        @Override
        public void sync() throws IOException {
            cached.sync();
        }

        @Override
        public void flush() throws IOException {
            cached.flush(Progress.NONE);
        }

        @Override
        public void drop() throws IOException {
            cached.drop(Progress.NONE);
        }

        @Override
        public void tweak(SimRandom random) {
            cached.settings(settings(random));
            cached.snapshot();
        }

        @Override
        public boolean isNearlyFull() {
            return cached.snapshot().parkedWrites() > 0;
        }

        @Override
        public void stop() throws IOException {
            cached.stop();
        }
    }
}
