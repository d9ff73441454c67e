package writeboost.engine.sim;

/** What may go wrong at a simulated disk. */
enum FaultKind {
    READ_ERROR("read error"),
    WRITE_ERROR("write error"),
    SYNC_ERROR("failed flush"),
    NO_SPACE("no space left"),
    SHORT_READ("read that ends half-way"),
    SHORT_WRITE("write that ends half-way"),
    STICKY("error that stays until the next opening"),
    BAD_PLACE("place that keeps refusing"),
    FREEZE("call that takes minutes"),
    GONE("device that vanishes, and is back at the next opening"),
    STALE_READ("read that returns what was there before"),
    MISDIRECTED_READ("read that returns another place"),
    ROT_RUNNING("bit rot while running"),
    LYING_FLUSH("flush that is a lie"),
    ROT_DIRTY("bit rot at rest in dirty data"),
    ROT_CLEAN("bit rot at rest in clean data"),
    ROT_HEADER("bit rot at rest in a header"),
    ROT_LAST_HEADER("bit rot at rest in the last header, which is on record"),
    ROT_CHECKPOINT("bit rot at rest in a copy of a checkpoint"),
    ROT_CHECKPOINTS("bit rot at rest in all checkpoints"),
    ROT_SUPERBLOCK("bit rot at rest in a superblock"),
    ROT_SUPERBLOCKS("bit rot at rest in both superblocks"),
    CHANGED_ELSEWHERE("disk changed elsewhere");

    final String label;

    FaultKind(String label) {
        this.label = label;
    }

    /** Whether the backing device suffers from it in the simulation: nothing there carries a checksum of ours. */
    boolean strikesBacking() {
        return switch (this) {
            case STALE_READ, MISDIRECTED_READ, ROT_RUNNING -> false;
            default -> !name().startsWith("ROT_");
        };
    }

    boolean strikesCache() {
        return this != CHANGED_ELSEWHERE;
    }
}
