package writeboost.engine.device;

import writeboost.engine.task.StandingClockTasks;
import writeboost.engine.task.ThreadTasks;

/** Real threads and locks, but time stands still unless somebody sleeps: then it has passed at once. */
class VirtualTasks extends StandingClockTasks {
    VirtualTasks() {
        super(new ThreadTasks((thread, problem) -> {
            throw new AssertionError(problem);
        }));
    }

    @Override
    public void sleepExactly(long durationNs) {
        passNs(durationNs);
    }

    @Override
    public void sleep(long durationNs) {
        passNs(durationNs);
    }
}
