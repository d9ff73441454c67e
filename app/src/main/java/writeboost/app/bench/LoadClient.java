package writeboost.app.bench;

import java.io.IOException;

/** An NBD client that puts a load on a server and measures. */
interface LoadClient {
    /** For the report. */
    String description();

    /**
     * Runs a load to its end.
     *
     * @return what was done; without the CPU time of the server
     * @throws EndedEarly if the user wants the bench to end
     */
    Turn run(Load load, Address server) throws IOException;
}
