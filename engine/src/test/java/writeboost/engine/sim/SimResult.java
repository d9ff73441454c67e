package writeboost.engine.sim;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** What runs did, in numbers; adds up. */
final class SimResult {
    final EnumMap<Phase, Integer> cutsDuring = new EnumMap<>(Phase.class);
    long runs;
    long powerCuts;
    long kills;
    long cutsWithUndecidedWrites;
    long opens;
    long cleanStops;
    long requests;
    long sectorsCompared;
    long prefixChecks;
    long imagesCompared;
    long faultsInjected;
    long steps;
    long switches;
    long virtualNs;
    long realNs;
    long traceHash;
    final EnumMap<Situation, Integer> situations = new EnumMap<>(Situation.class);
    final FaultCounts faults = new FaultCounts();
    long lostByLies;
    Losses losses = Losses.NONE;
    /** By seed, what tells one run from another. */
    final Map<Long, Long> hashes = new HashMap<>();

    /** Takes over what a run came through. */
    void count(EnumMap<Situation, Integer> met, FaultCounts struck, long lost) {
        met.forEach((situation, n) -> situations.merge(situation, n, Integer::sum));
        faults.add(struck);
        lostByLies += lost;
    }

    int met(Situation situation) {
        return situations.getOrDefault(situation, 0);
    }

    void add(SimResult other) {
        other.cutsDuring.forEach((phase, n) -> cutsDuring.merge(phase, n, Integer::sum));
        other.situations.forEach((situation, n) -> situations.merge(situation, n, Integer::sum));
        faults.add(other.faults);
        lostByLies += other.lostByLies;
        losses = losses.plus(other.losses);
        hashes.putAll(other.hashes);
        runs += other.runs;
        powerCuts += other.powerCuts;
        kills += other.kills;
        cutsWithUndecidedWrites += other.cutsWithUndecidedWrites;
        opens += other.opens;
        cleanStops += other.cleanStops;
        requests += other.requests;
        sectorsCompared += other.sectorsCompared;
        prefixChecks += other.prefixChecks;
        imagesCompared += other.imagesCompared;
        faultsInjected += other.faultsInjected;
        steps += other.steps;
        switches += other.switches;
        virtualNs += other.virtualNs;
        realNs += other.realNs;
        traceHash = traceHash * 31 + other.traceHash;
    }

    long cuts() {
        return powerCuts + kills;
    }

    int cutsIn(Phase phase) {
        return cutsDuring.getOrDefault(phase, 0);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(
                "simulation: %d runs, %d cuts (%d power, %d kill; %d with unflushed writes), 0 lost, 0 wrong%n"
                        + "  %d opens, %d clean stops, %d requests, %d sectors compared, %d prefixes, %d images, %d errors injected%n"
                        + "  %.1f s simulated, %.1f s real, %d scheduling points, %d switches, trace %016x%n"
                        + "  cuts during:%n",
                runs,
                cuts(),
                powerCuts,
                kills,
                cutsWithUndecidedWrites,
                opens,
                cleanStops,
                requests,
                sectorsCompared,
                prefixChecks,
                imagesCompared,
                faultsInjected,
                virtualNs / 1e9,
                realNs / 1e9,
                steps,
                switches,
                traceHash));
        for (Phase phase : Phase.values()) {
            text.append(String.format("    %6d %s%n", cutsIn(phase), phase.label));
        }
        text.append(String.format("  situations:%n"));
        for (Situation situation : Situation.values()) {
            text.append(String.format("    %6d %s%n", met(situation), situation.label));
        }
        text.append(String.format("  faults (cache device, backing device):%n"));
        for (FaultKind kind : FaultKind.values()) {
            text.append(String.format("    %6d %6d %s%n", faults.of(kind, true), faults.of(kind, false), kind.label));
        }
        return text.toString();
    }
}
