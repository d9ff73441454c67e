package writeboost.engine.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * What is left out of a run, so that a failure is seen in less: everything is drawn as without limits, and then not done.
 *
 * @param incarnations the run ends after so many
 * @param clients at the most, in each incarnation
 * @param requests at the most, of each client
 * @param depth requests of a client in flight, at the most
 * @param admin whether somebody syncs, flushes and drops meanwhile
 * @param faults whether devices err, where they would
 * @param bias whether the scheduler is biased, devices are slow and time jumps, where they would
 * @param quiet bit i: nobody does anything in incarnation i
 * @param uncut bit i: no cut is planned in incarnation i
 * @param salt another order of tasks for each: what is left out changes the order, and the failure may need some luck
 */
record SimLimits(
        int incarnations,
        int clients,
        int requests,
        int depth,
        boolean admin,
        boolean faults,
        boolean bias,
        int quiet,
        int uncut,
        int salt) {
    private static final int ALL = 1000;

    /** Nothing is left out. */
    static final SimLimits NONE = new SimLimits(Simulation.INCARNATIONS, ALL, ALL, ALL, true, true, true, 0, 0, 0);

    Mix limit(Mix mix, int incarnation) {
        boolean nobody = (quiet >> incarnation & 1) != 0;
        return mix.limited(
                nobody ? 0 : Math.min(clients, mix.clients()),
                Math.min(requests, mix.requests()),
                Math.min(depth, mix.depth()),
                mix.admin() && admin && !nobody);
    }

    boolean cuts(int incarnation) {
        return (uncut >> incarnation & 1) == 0;
    }

    /** How much is left, roughly. */
    long size() {
        int active = incarnations - Integer.bitCount(quiet & ((1 << incarnations) - 1));
        return 1000L * incarnations
                + 100L * active * Math.min(clients, 5) * Math.min(requests, 150)
                + 10L * Math.min(depth, 8)
                + (admin ? 50 : 0)
                + (faults ? 500 : 0)
                + (bias ? 50 : 0)
                - Integer.bitCount(uncut & ((1 << incarnations) - 1));
    }

    /** Limits that leave less, the boldest first. */
    List<SimLimits> smaller() {
        List<SimLimits> some = new ArrayList<>();
        for (int n : List.of(1, incarnations / 2, incarnations - 1)) {
            some.add(new SimLimits(Math.max(1, n), clients, requests, depth, admin, faults, bias, quiet, uncut, salt));
        }
        some.add(new SimLimits(incarnations, clients, requests, depth, admin, false, bias, quiet, uncut, salt));
        some.add(new SimLimits(incarnations, clients, requests, depth, false, faults, bias, quiet, uncut, salt));
        some.add(new SimLimits(incarnations, clients, requests, depth, admin, faults, false, quiet, uncut, salt));
        for (int i = 0; i < incarnations; i++) {
            some.add(new SimLimits(
                    incarnations, clients, requests, depth, admin, faults, bias, quiet | 1 << i, uncut, salt));
            some.add(new SimLimits(
                    incarnations, clients, requests, depth, admin, faults, bias, quiet, uncut | 1 << i, salt));
        }
        for (int n : List.of(1, 2, 3)) {
            some.add(new SimLimits(
                    incarnations, Math.min(clients, n), requests, depth, admin, faults, bias, quiet, uncut, salt));
            some.add(new SimLimits(
                    incarnations, clients, requests, Math.min(depth, n), admin, faults, bias, quiet, uncut, salt));
        }
        for (int n : List.of(1, 3, 10, requests / 2, requests - 1)) {
            some.add(new SimLimits(
                    incarnations,
                    clients,
                    Math.max(1, Math.min(n, requests)),
                    depth,
                    admin,
                    faults,
                    bias,
                    quiet,
                    uncut,
                    salt));
        }
        some.removeIf(limits -> limits.size() >= size());
        return some;
    }

    /** The same in another order of tasks. */
    SimLimits salted(int newSalt) {
        return new SimLimits(incarnations, clients, requests, depth, admin, faults, bias, quiet, uncut, newSalt);
    }

    /** As {@code -Dsim.limits} takes it. */
    @Override
    public String toString() {
        return String.format(
                "%d,%d,%d,%d,%b,%b,%b,%d,%d,%d",
                incarnations, clients, requests, depth, admin, faults, bias, quiet, uncut, salt);
    }

    /** Reads what {@link #toString} gave. */
    static SimLimits parse(String text) {
        String[] p = text.split(",", -1);
        return new SimLimits(
                Integer.parseInt(p[0]),
                Integer.parseInt(p[1]),
                Integer.parseInt(p[2]),
                Integer.parseInt(p[3]),
                Boolean.parseBoolean(p[4]),
                Boolean.parseBoolean(p[5]),
                Boolean.parseBoolean(p[6]),
                Integer.parseInt(p[7]),
                Integer.parseInt(p[8]),
                Integer.parseInt(p[9]));
    }

    /** Says in words what is left. */
    String describe() {
        return String.format(
                "%d incarnations (%d of them with clients), at most %d clients, %d requests of each, %d in flight; %s, %s",
                incarnations,
                incarnations - Integer.bitCount(quiet & ((1 << incarnations) - 1)),
                clients,
                requests,
                depth,
                admin ? "syncs, flushes, drops" : "no syncs, flushes, drops",
                faults ? "faults" : "no faults");
    }
}
