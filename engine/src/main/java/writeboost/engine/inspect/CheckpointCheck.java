package writeboost.engine.inspect;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import writeboost.engine.inspect.Finding.Part;
import writeboost.engine.inspect.Finding.Stake;
import writeboost.engine.log.CheckpointSlot;
import writeboost.engine.log.LogScanner;

/**
 * Judges the checkpoint slots. The newest checkpoint has two copies; the second is written when the first is durable. So a
 * bad first copy beside a good second one is damage, always; a second copy that is missing is damage unless it looks like a
 * write that a power cut ended. (Rarely, such a write can't be recognised; it is then called damage, with nothing at stake.)
 * Older checkpoints are dead.
 */
final class CheckpointCheck {
    /** While the cache is written, slots change under the reader: it looks again until twice the same is seen. */
    private static final int MAX_LOOKS = 10;

    private final Consumer<Finding> findings;
    private final Consumer<String> notes;

    CheckpointCheck(Consumer<Finding> findings, Consumer<String> notes) {
        this.findings = findings;
        this.notes = notes;
    }

    /** Reads the slots until they stand still; empty if they never do, and are as good as new. */
    static Optional<List<CheckpointSlot>> read(LogScanner scanner) {
        List<CheckpointSlot> slots = scanner.readCheckpointSlots();
        for (int look = 1; look < MAX_LOOKS; look++) {
            List<CheckpointSlot> again = scanner.readCheckpointSlots();
            if (same(slots, again)) {
                return Optional.of(again);
            }
            slots = again;
        }
        return Optional.empty();
    }

    private static boolean same(List<CheckpointSlot> a, List<CheckpointSlot> b) {
        for (int k = 0; k < a.size(); k++) {
            if (!a.get(k).isSame(b.get(k))) {
                return false;
            }
        }
        return true;
    }

    /** The newest generation of valid slots; -1 if there is none. */
    static long newestGeneration(List<CheckpointSlot> slots) {
        CheckpointSlot newest = newest(slots);
        return newest == null ? -1 : newest.generation();
    }

    private static @Nullable CheckpointSlot newest(List<CheckpointSlot> slots) {
        CheckpointSlot newest = null;
        long generation = -1;
        for (CheckpointSlot s : slots) {
            if (s.generation() > generation) {
                newest = s;
                generation = s.generation();
            }
        }
        return newest;
    }

    /**
     * Judges.
     *
     * @param namedGeneration the highest generation that a chunk names: it may be one above the newest, being written then
     */
    void check(List<CheckpointSlot> slots, long namedGeneration) {
        CheckpointSlot newest = newest(slots);
        if (newest == null) {
            for (CheckpointSlot s : slots) {
                damaged(s, Stake.DATA, "is not valid, nor is any other: the log can't be opened");
            }
            return;
        }
        long generation = newestGeneration(slots);
        boolean anyBefore = false;
        for (CheckpointSlot s : slots) {
            boolean atHome = s.isHomeOf(generation);
            if (atHome) {
                checkCopyOfNewest(s, newest, slots);
            } else if (generation == 0 ? s.isZero() : s.generation() == generation - 1) {
                anyBefore = true;
            } else if (s.generation() >= 0 && !s.isHomeOf(s.generation())) {
                damaged(s, Stake.NONE, "holds a checkpoint that belongs to another slot");
            } else if (s.bytes() == null) {
                damaged(s, Stake.NONE, "can't be read; it holds nothing that counts");
            }
        }
        if (!anyBefore) {
            notHomeOf(slots, generation)
                    .forEach(s -> damaged(
                            s,
                            Stake.DATA,
                            "is damaged, and so is its copy: they held the checkpoint before or after the newest valid"
                                    + " one"));
        }
        if (namedGeneration > generation + 1) {
            slots.stream()
                    .filter(s -> s.isHomeOf(namedGeneration))
                    .forEach(s -> damaged(
                            s,
                            Stake.DATA,
                            "does not hold the newest checkpoint: chunks name generation " + namedGeneration
                                    + ", the newest valid one is " + generation));
        }
    }

    private void checkCopyOfNewest(CheckpointSlot s, CheckpointSlot newest, List<CheckpointSlot> slots) {
        long generation = newest.generation();
        if (s.generation() == generation) {
            return;
        }
        boolean older = s.generation() >= 0 || (s.isZero() && generation < 2);
        if (s.copy() == 1 && (older || s.isCutShort(newest, notHomeOf(slots, generation)))) {
            notes.accept("The second copy of checkpoint " + generation + " was not written to its end: the cache was"
                    + " stopped by force or by a power cut. The first copy is intact; opening writes a new one.");
        } else if (older) {
            damaged(s, Stake.NONE, "holds an older checkpoint where a copy of the newest, " + generation + ", belongs");
        } else {
            damaged(
                    s,
                    Stake.NONE,
                    "is " + (s.bytes() == null ? "unreadable" : "damaged") + "; the other copy of checkpoint "
                            + generation + " is intact");
        }
    }

    private static List<CheckpointSlot> notHomeOf(List<CheckpointSlot> slots, long generation) {
        return slots.stream().filter(s -> !s.isHomeOf(generation)).toList();
    }

    private void damaged(CheckpointSlot s, Stake stake, String what) {
        findings.accept(new Finding(
                Part.CHECKPOINT,
                stake,
                null,
                null,
                null,
                s.byteOffset(),
                null,
                null,
                "Checkpoint slot " + s.index() + " (byte " + s.byteOffset() + " of the device) " + what + "."));
    }
}
