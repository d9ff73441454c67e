package writeboost.app.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/**
 * The control protocol: JSON objects, one per line, over a unix socket of the user's own.
 *
 * <pre>
 * request    {"command": "flush", "name": "usb"}
 * answers    {"progress": {"done": 120, "total": 4096}}       any number of them
 *            {"result": …}  or  {"error": {"code": "state", "message": "…"}}
 * to cancel  {"command": "cancel"}, or close the connection; the operation answers with the error cancelled
 * </pre>
 *
 * <p>A connection runs one command at a time. Programs of other versions may connect: unknown fields are passed over, an
 * unknown command is an error and the connection goes on; a line that is too long or no JSON object ends it.
 */
final class ControlProtocol {
    /** Raised when an older program would misunderstand. */
    static final int VERSION = 1;
    /** The longest request: paths and settings, many times over. */
    static final int MAX_REQUEST_BYTES = 64 << 10;
    /** The longest answer: a thousand events, many times over. */
    static final int MAX_ANSWER_BYTES = 16 << 20;
    /** Connections to one socket: more than any number of windows and shells that watch a pair. */
    static final int MAX_CONNECTIONS = 64;
    /** How often an operation tells how far it is. */
    static final long PROGRESS_INTERVAL_MS = 200;

    static final String CANCEL = "cancel";

    private ControlProtocol() {}

    static ObjectNode request(String command) {
        return JsonNodeFactory.instance.objectNode().put("command", command);
    }

    static ObjectNode progress(long done, long total) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.putObject("progress").put("done", done).put("total", total);
        return answer;
    }

    static ObjectNode result(JsonNode result) {
        return JsonNodeFactory.instance.objectNode().set("result", result);
    }

    static ObjectNode error(Throwable failure) {
        ErrorCode code = failure instanceof EngineException known
                ? known.code()
                : failure instanceof IOException ? ErrorCode.IO : ErrorCode.STATE;
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.putObject("error")
                .put("code", code.name().toLowerCase(Locale.ROOT))
                .put("message", Failures.sentence(failure));
        return answer;
    }

    static EngineException exception(JsonNode error) {
        String name = error.path("code").asText("").toUpperCase(Locale.ROOT);
        ErrorCode code = ErrorCode.IO;
        for (ErrorCode each : ErrorCode.values()) {
            if (each.name().equals(name)) {
                code = each;
            }
        }
        return new EngineException(code, error.path("message").asText("the other process reported an error"));
    }
}
