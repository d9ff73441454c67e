package writeboost.engine.sim;

import java.util.List;
import java.util.function.Predicate;

/** Tells for people what tasks are doing. */
final class SimDump {
    /** Enough to see where in the engine a task stands. */
    private static final int FRAMES = 12;

    private SimDump() {}

    /** All tasks, what they wait for, and where in the code. */
    static String of(List<SimTask> tasks, Predicate<SimTask> heldUp) {
        StringBuilder text = new StringBuilder(System.lineSeparator());
        for (SimTask task : tasks) {
            boolean blocked = task.state == SimTask.State.BLOCKED;
            text.append("  task ").append(task.name).append(": ").append(task.state);
            text.append(blocked ? ", waits for " + task.waitsFor : ", last at " + task.where);
            text.append(heldUp.test(task) ? ", held up" : "").append(System.lineSeparator());
            frames(task, text);
        }
        return text.toString();
    }

    private static void frames(SimTask task, StringBuilder text) {
        int shown = 0;
        for (StackTraceElement frame : task.stack()) {
            String in = frame.getClassName();
            boolean machinery = in.equals(SimTask.class.getName())
                    || in.equals(SimScheduler.class.getName())
                    || in.equals(SimDump.class.getName());
            if (in.startsWith("writeboost.") && !machinery && shown++ < FRAMES) {
                text.append("      ").append(frame).append(System.lineSeparator());
            }
        }
    }

    /** The whole stack of one task. */
    static String stack(SimTask task) {
        StringBuilder text = new StringBuilder(System.lineSeparator());
        for (StackTraceElement frame : task.stack()) {
            text.append("    ").append(frame).append(System.lineSeparator());
        }
        return text.toString();
    }
}
