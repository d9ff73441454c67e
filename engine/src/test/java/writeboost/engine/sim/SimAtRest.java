package writeboost.engine.sim;

import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What happens to the two devices while nothing has them open: a bit rots on the cache device, somebody else writes to the
 * backing device. Then the pair is opened, and has to be refused, or to read as well as it can.
 */
final class SimAtRest {
    private final Simulation run;
    private final Subject subject;
    private final Oracle oracle;
    private final SimFaults faults;
    private final SimTroubles troubles;
    private final SimMedium cache;
    private final SimMedium backing;
    private final SimRandom random;
    private SimGroup tasks = new SimGroup("none");

    SimAtRest(
            Simulation run,
            Subject subject,
            Oracle oracle,
            SimFaults faults,
            SimTroubles troubles,
            SimMedium cache,
            SimMedium backing,
            SimRandom random) {
        this.run = run;
        this.subject = subject;
        this.oracle = oracle;
        this.faults = faults;
        this.troubles = troubles;
        this.cache = cache;
        this.backing = backing;
        this.random = random;
    }

    /** While nothing is open, something on the cache device rots, or somebody else writes to the disk. */
    void damage(boolean stoppedCleanly) {
        try {
            if (stoppedCleanly && random.chance(0.4) && subject.knowsDisk(cache.copy())) {
                changeElsewhere();
                return;
            }
            Set<String> before = subject.findings(cache.copy());
            SimRot rot = SimRot.strike(cache, oracle, subject, random);
            if (rot == null) {
                return;
            }
            Set<String> found = subject.findings(cache.copy());
            found.removeAll(before);
            if (found.isEmpty()) {
                throw new SimFailure("verify does not find " + rot.kind().label + rot + subject.describe(cache.copy()));
            }
            for (int i = 0; i < rot.count(); i++) {
                faults.count(rot.kind(), true);
            }
            openRotten(rot);
        } catch (IOException e) {
            throw new SimFailure("looking at the cache device failed: " + e, e);
        }
    }

    private void openRotten(SimRot rot) {
        Subject.Pair pair = openOrRefused(rot.mayBeRefused(), rot.mustBeRefused(), rot.kind().label);
        if (pair == null) {
            if (rot.kind() == FaultKind.ROT_LAST_HEADER) {
                troubles.note(Situation.DAMAGE_AFTER_SYNC);
            }
            rot.mend();
            return;
        }
        Simulation.must(run.perform(
                tasks,
                Phase.REQUEST,
                () -> run.reader(pair.disk(), "of what is damaged").readExactly(rot.blocks(), rot.lostSectors())));
        if (!rot.lostSectors().isEmpty()) {
            troubles.note(Situation.EXACT_EIO);
        }
        Simulation.must(run.perform(tasks, Phase.STOP, () -> run.stop(pair)));
        run.kill(tasks);
        if (rot.kind() != FaultKind.ROT_DIRTY && (rot.kind() != FaultKind.ROT_CLEAN || random.chance(0.5))) {
            rot.mend();
        }
    }

    /** Opens after damage at rest. Returns null if that was refused; then nothing may have been written. */
    private Subject.@Nullable Pair openOrRefused(boolean may, boolean must, String why) {
        long writes = cache.writes() + backing.writes();
        Subject.Pair[] opened = new Subject.Pair[1];
        tasks = run.newGroup();
        Simulation.must(run.perform(tasks, Phase.REPLAY, () -> {
            try {
                opened[0] = run.open(tasks);
            } catch (IOException e) {
                if (!may) {
                    throw e;
                }
            }
        }));
        if (opened[0] == null) {
            run.kill(tasks);
            if (cache.writes() + backing.writes() != writes) {
                throw new SimFailure("refused for " + why + ", but something was written");
            }
        } else if (must) {
            throw new SimFailure("opened in spite of " + why);
        }
        return opened[0];
    }

    /** Refused if the cache holds what the disk has not, since that would be put over what was changed; else copies are forgotten. */
    private void changeElsewhere() throws IOException {
        int sector = random.below(Math.min(oracle.sectorCount(), 200) & ~7);
        boolean dirty = subject.isDirty(cache.copy());
        byte[] old = backing.block((long) sector / 8 * LogMap.BLOCK, true);
        long at = (long) sector * Stamp.SECTOR;
        byte[] content = SimMedium.garbage(random);
        if (!dirty) {
            Version version = oracle.start(Version.Kind.DATA, at, Stamp.SECTOR, "a change elsewhere");
            Stamp.fill(content, 0, sector, version.number);
            oracle.acknowledged(version, at, Stamp.SECTOR, true);
        }
        backing.preset(at, content);
        faults.count(FaultKind.CHANGED_ELSEWHERE, false);
        Subject.Pair pair = openOrRefused(dirty, dirty, "a disk that was changed elsewhere");
        if (pair == null) {
            backing.preset((long) sector / 8 * LogMap.BLOCK, old);
            return;
        }
        Simulation.must(run.perform(tasks, Phase.REQUEST, () -> run.readAll(pair.disk(), "after a change elsewhere")));
        Simulation.must(run.perform(tasks, Phase.STOP, () -> run.stop(pair)));
        run.kill(tasks);
    }
}
