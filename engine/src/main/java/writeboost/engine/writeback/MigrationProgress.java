package writeboost.engine.writeback;

/** How far writeback is, and how fast. The lock guards it. */
final class MigrationProgress {
    /** Weight of the newest second in the average of the speed. */
    private static final double WEIGHT = 0.3;

    private String kind = "none";
    private boolean running;
    private long total;
    private long done;
    private long windowStartNs;
    private long windowBlocks;
    private double blocksPerSecond;

    void begin(String newKind, long totalBlocks, long nowNs) {
        if (!running || !newKind.equals(kind)) {
            done = 0;
            total = 0;
            windowStartNs = nowNs;
            windowBlocks = 0;
        }
        running = true;
        kind = newKind;
        total = Math.max(total, done + totalBlocks);
    }

    void wrote(int blocks, long nowNs) {
        done += blocks;
        windowBlocks += blocks;
        double seconds = (nowNs - windowStartNs) / 1e9;
        if (seconds >= 1) {
            double now = windowBlocks / seconds;
            blocksPerSecond = blocksPerSecond == 0 ? now : WEIGHT * now + (1 - WEIGHT) * blocksPerSecond;
            windowStartNs = nowNs;
            windowBlocks = 0;
        }
    }

    void end() {
        running = false;
        kind = "none";
        done = 0;
        total = 0;
        blocksPerSecond = 0;
    }

    /** What it is now. */
    Writeback.Status status() {
        double eta = blocksPerSecond > 0 ? Math.max(0, total - done) / blocksPerSecond : -1;
        return new Writeback.Status(running, kind, done, Math.max(total, done), running ? eta : -1, blocksPerSecond);
    }
}
