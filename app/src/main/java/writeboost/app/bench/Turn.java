package writeboost.app.bench;

/**
 * What one server did in one turn.
 *
 * @param requests answered; flushes do not count
 * @param bytes read and written
 * @param seconds from the first request to the last answer, that of a final flush included
 * @param meanLatencySeconds of a request
 * @param cpuSeconds that the server's process took meanwhile, in user and system mode, all threads
 */
record Turn(long requests, long bytes, double seconds, double meanLatencySeconds, double cpuSeconds) {
    Turn withCpuSeconds(double cpu) {
        return new Turn(requests, bytes, seconds, meanLatencySeconds, cpu);
    }
}
