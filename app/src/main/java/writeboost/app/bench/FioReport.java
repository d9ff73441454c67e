package writeboost.app.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/** What fio says of a run, in its JSON. */
final class FioReport {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private FioReport() {}

    /**
     * Reads it.
     *
     * @param text what fio printed with {@code --output-format=json --group_reporting}; lines before the JSON are skipped
     * @throws IOException if it is no such report, if fio met an error, or if nothing was done
     */
    static Turn parse(String text) throws IOException {
        JsonNode job = job(text);
        int error = job.path("error").asInt();
        if (error != 0) {
            throw new IOException("fio met error " + error + " (see errno(3)) in job "
                    + job.path("jobname").asText());
        }
        long requests = 0;
        long bytes = 0;
        double seconds = 0;
        double waitedNs = 0;
        for (String direction : new String[] {"read", "write"}) {
            JsonNode done = job.path(direction);
            long ios = done.path("total_ios").asLong();
            requests += ios;
            bytes += done.path("io_bytes").asLong();
            seconds = Math.max(seconds, done.path("runtime").asDouble() / 1000);
            waitedNs += done.path("lat_ns").path("mean").asDouble() * ios;
        }
        if (requests == 0 || seconds == 0) {
            throw new IOException("fio did nothing: " + requests + " requests in " + seconds + " s");
        }
        return new Turn(requests, bytes, seconds, waitedNs / 1e9 / requests, 0);
    }

    private static JsonNode job(String text) throws IOException {
        int start = text.indexOf('{');
        if (start < 0) {
            throw new IOException("fio printed no report: " + text.strip());
        }
        try {
            JsonNode jobs = MAPPER.readTree(text.substring(start)).path("jobs");
            if (jobs.size() != 1) {
                throw new IOException("fio reports " + jobs.size() + " jobs where one was asked for");
            }
            return jobs.get(0);
        } catch (JsonProcessingException e) {
            throw new IOException("fio's report is no JSON: " + e.getOriginalMessage(), e);
        }
    }
}
