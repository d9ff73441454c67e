package writeboost.engine.sim;

import java.util.ArrayList;
import java.util.List;

/** Tasks that die together: one incarnation of the engine and its clients. */
final class SimGroup {
    final String name;
    final List<SimTask> tasks = new ArrayList<>();
    boolean dead;

    SimGroup(String name) {
        this.name = name;
    }
}
