package writeboost.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import writeboost.engine.figures.Figures;

/**
 * A bit turns over in every class of bytes of everything on a small cache device that counts: each field of both superblocks, of
 * the checkpoints, of every chunk's header, its entries and its copy of those before, and clean and dirty data. Verifying sees
 * it; opening reads all that is not hit, and errors for exactly what was nowhere else.
 */
@Tag("sim")
class FlipSweepTest {
    private static final int SEGMENTS = 100;
    private static final int READS_OF_OPENING = 120;
    private static final int OPERATIONS = 60;
    private static final int FEW_OPERATIONS = 12;
    private static final int[] SUPERBLOCK = {
        0, 8, 12, 16, 24, 32, 40, 48, 56, 64, 68, 72, 80, 128, 130, 640, 896, 1408, 4095
    };
    private static final int[] CHECKPOINT = {
        0, 8, 12, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 92, 96, 100, 128, 192, 250, 2240, 2248, 4095
    };
    private static final int[] HEADER = {
        0, 8, 12, 16, 24, 32, 40, 44, 48, 56, 64, 72, 76, 80, 88, 96, 104, 112, 120, 121, 122, 124, 128, 136, 144, 200,
        256, 260, 261, 262, 263, 264, 268, 280, 300, 4095
    };
    private static final int[] DATA = {0, 511, 512, 2048, 4095};

    private final AtomicLong detected = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong exact = new AtomicLong();

    @Test
    void aFlipInEveryClassOfBytesIsDetectedAndTheRestIntact() throws Exception {
        long begun = System.nanoTime();
        long flips;
        try (SweepPool pool = new SweepPool()) {
            for (int script = 1; script <= (CutSweepTest.FULL ? 20 : 2); script++) {
                Scene image = image(script);
                List<Subject.Part> parts = image.subject.parts(image.cache.copy());
                Set<FaultKind> kinds = new TreeSet<>();
                parts.forEach(part -> kinds.add(part.kind()));
                assertThat(kinds).contains(FaultKind.ROT_DIRTY, FaultKind.ROT_CLEAN, FaultKind.ROT_HEADER);
                for (int i = 0; i < parts.size(); i++) {
                    submit(pool, image, parts.get(i), i);
                }
            }
            flips = pool.await();
        }
        new Figures("sweep of flips")
                .atLeast("bits turned over, in every class of bytes", flips, 500)
                .atLeast("detected by verify, per cent", 100 * detected.get() / flips, 100)
                .atLeast("opened, all but the damaged dirty sectors right", exact.get(), 100)
                .atLeast("refused, because data may be gone with it, and nothing written", refused.get(), 1)
                .exactly("opened with anything else wrong", flips - exact.get() - refused.get(), 0)
                .say("seconds", String.valueOf((System.nanoTime() - begun) / 1_000_000_000))
                .write();
    }

    /** A device may answer with what was there before, or with another block, and only once. */
    @Test
    void aWrongReadWhileOpeningIsNeverBelieved() throws Exception {
        AtomicLong opened = new AtomicLong();
        long reads;
        try (SweepPool pool = new SweepPool()) {
            for (int script = 1; script <= 2; script++) {
                Scene image = image(script);
                for (int n = 1; n <= READS_OF_OPENING; n++) {
                    for (FaultKind kind : List.of(FaultKind.STALE_READ, FaultKind.MISDIRECTED_READ)) {
                        int nth = n;
                        pool.submit(() -> opened.addAndGet(readWrongly(image, kind, nth) ? 1 : 0));
                    }
                }
            }
            reads = pool.await();
        }
        new Figures("sweep of wrong reads")
                .atLeast("reads of openings that returned an older or another block", reads, 300)
                .atLeast("opened, and everything right", opened.get(), reads / 2)
                .say("refused, opened at the next try, and everything right", String.valueOf(reads - opened.get()))
                .write();
    }

    /** Returns whether it was opened at the first try. */
    private static boolean readWrongly(Scene image, FaultKind kind, int nth) {
        SimMedium cache = image.cache.fork();
        cache.decide(new ArrayList<>(cache.forked()));
        SimMedium backing = image.backing.fork();
        backing.decide(new ArrayList<>(backing.forked()));
        Scene scene = new Scene(nth, image.subject, cache, backing, image.oracle.fork());
        boolean[] opened = new boolean[1];
        scene.run(kind + " in read " + nth + " of the opening", () -> {
            scene.faults.add(new SimFaults.Fault(kind, true, EnumSet.of(SimDisk.Op.READ), nth, 1).whileOpening());
            opened[0] = scene.perform(scene::open) == null;
            scene.end();
            scene.oracle.cut(false);
            scene.faults.repair();
            scene.checkAll("after a wrong read");
        });
        return opened[0];
    }

    /** A pair after a script, stopped cleanly. */
    private static Scene image(int script) {
        Scene scene = new Scene(script, EngineSubject.ofSegments(SEGMENTS));
        scene.run("script " + script, () -> {
            scene.format();
            scene.must(() -> {
                Subject.Pair pair = scene.open();
                SweepScript.run(scene, pair, script, OPERATIONS);
                SweepScript.writes(scene, pair, 200 + script, 2 * FEW_OPERATIONS);
                pair.flush(); // what is cached now is clean
                SweepScript.writes(scene, pair, 100 + script, FEW_OPERATIONS);
                long flush = scene.oracle.flushBegin();
                pair.stop();
                scene.oracle.flushed(flush, "clean stop");
            });
            scene.end();
        });
        scene.oracle.cut(true);
        return scene;
    }

    private void submit(SweepPool pool, Scene image, Subject.Part part, int number) {
        int[] classes = classes(part.kind());
        for (int c = 0; c < classes.length; c++) {
            int at = classes[c];
            // Every class is hit in many blocks; in the long run in all.
            boolean many = part.kind() == FaultKind.ROT_HEADER || part.address() >= 0;
            if (CutSweepTest.FULL || !many || (c + number) % 5 == 0) {
                pool.submit(() -> flip(image, part, at, 1 << (at + number) % 8));
            }
        }
    }

    private static int[] classes(FaultKind kind) {
        return switch (kind) {
            case ROT_SUPERBLOCK -> SUPERBLOCK;
            case ROT_CHECKPOINT -> CHECKPOINT;
            case ROT_HEADER, ROT_LAST_HEADER -> HEADER;
            case ROT_DIRTY, ROT_CLEAN -> DATA;
            default -> new int[0]; // several at a time: the simulation does that
        };
    }

    private void flip(Scene image, Subject.Part part, int at, int mask) {
        SimMedium cache = image.cache.fork();
        cache.decide(new ArrayList<>(cache.forked()));
        SimMedium backing = image.backing.fork();
        backing.decide(new ArrayList<>(backing.forked()));
        Scene scene = new Scene(part.offsetBytes() + at, image.subject, cache, backing, image.oracle.fork());
        String what = part + ", byte " + at;
        try {
            Set<String> before = scene.subject.findings(cache.copy());
            SimRot rot = SimRot.at(cache, scene.oracle, part, at, mask);
            Set<String> found = scene.subject.findings(cache.copy());
            found.removeAll(before);
            if (found.isEmpty()) {
                throw new SimFailure("verify does not see " + what);
            }
            detected.incrementAndGet();
            scene.run(what, () -> open(scene, rot));
        } catch (IOException e) {
            throw new SimFailure(what + ": " + e, e);
        }
    }

    private void open(Scene scene, SimRot rot) {
        long writes = scene.cache.writes() + scene.backing.writes();
        Subject.Pair[] opened = new Subject.Pair[1];
        IOException refusal = scene.perform(() -> opened[0] = scene.open());
        if (refusal != null) {
            if (!rot.mayBeRefused() || scene.cache.writes() + scene.backing.writes() != writes) {
                throw new SimFailure("refused, or written to: " + refusal, refusal);
            }
            refused.incrementAndGet();
            return;
        }
        scene.must(() -> scene.reader(opened[0], "of what is damaged").readExactly(rot.blocks(), rot.lostSectors()));
        scene.must(opened[0]::stop);
        exact.incrementAndGet();
    }
}
