package writeboost.app.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import writeboost.app.config.PairName;
import writeboost.app.config.Version;
import writeboost.engine.cache.Progress;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/** What may be asked on a control socket, and what each asks of the service. Believes nothing of what it is sent. */
final class ControlCommands {
    /** Carries out a command. */
    @FunctionalInterface
    private interface Command {
        @Nullable Object run(JsonNode request, Progress progress) throws IOException;
    }

    private final MapCodec.Memory maps = new MapCodec.Memory();
    private final Map<String, Command> commands = new LinkedHashMap<>();

    ControlCommands(CacheService service) {
        commands.put("hello", (request, progress) -> hello());
        commands.put("list", (request, progress) -> service.list());
        commands.put("examine", (request, progress) -> service.examine(text(request, "path")));
        commands.put(
                "create", (request, progress) -> nothing(() -> service.create(pair(request.path("pair")), progress)));
        commands.put(
                "serve",
                (request, progress) -> service.serve(name(request), options(request.path("options")), progress));
        commands.put("stop", (request, progress) -> nothing(() -> service.stop(name(request))));
        commands.put("status", (request, progress) -> service.status(name(request)));
        commands.put(
                "map",
                (request, progress) -> maps.encode(
                        service.segmentMap(name(request)), request.path("known").asLong(MapCodec.NOTHING)));
        commands.put("sync", (request, progress) -> nothing(() -> service.sync(name(request))));
        commands.put("flush", (request, progress) -> nothing(() -> service.flush(name(request), progress)));
        commands.put("drop", (request, progress) -> nothing(() -> service.drop(name(request), progress)));
        commands.put("set", (request, progress) -> service.set(name(request), changes(request.path("changes"))));
        commands.put(
                "remove",
                (request, progress) -> nothing(() -> service.remove(
                        name(request), request.path("even_if_dirty").asBoolean(false))));
        commands.put(
                "events",
                (request, progress) ->
                        service.events(name(request), request.path("since").asLong(0)));
    }

    /**
     * Carries out a request.
     *
     * @return what is to be answered as the result
     */
    JsonNode run(JsonNode request, Progress progress) throws IOException {
        String name = request.path("command").asText("");
        Command command = commands.get(name);
        if (command == null) {
            throw usage("there is no command \"" + name + "\"; there are: " + String.join(", ", commands.keySet()));
        }
        Object result = command.run(request, progress);
        return result == null ? JsonNodeFactory.instance.objectNode() : Json.tree(result);
    }

    private static Object hello() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("program", "writeboost")
                .put("version", Version.text())
                .put("protocol", ControlProtocol.VERSION)
                .put("pid", ProcessHandle.current().pid());
    }

    /** An action without a result. */
    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    private static @Nullable Object nothing(Action action) throws IOException {
        action.run();
        return null;
    }

    private static String name(JsonNode request) throws EngineException {
        try {
            return PairName.check(text(request, "name"));
        } catch (IllegalArgumentException e) {
            throw new EngineException(ErrorCode.USAGE, Failures.sentence(e), e);
        }
    }

    private static NewPair pair(JsonNode node) throws EngineException {
        return new NewPair(
                text(node, "name"),
                text(node, "backing"),
                text(node, "cache"),
                node.path("cache_bytes").asLong(0),
                changes(node.path("settings")),
                node.path("overwrite_cache").asBoolean(false));
    }

    private static ServeOptions options(JsonNode node) throws EngineException {
        if (node.isMissingNode() || node.isNull()) {
            return ServeOptions.DEFAULT;
        }
        try {
            return Json.mapper().treeToValue(node, ServeOptions.class);
        } catch (JsonProcessingException e) {
            throw new EngineException(ErrorCode.USAGE, "the options to serve with are not understood", e);
        }
    }

    private static Map<String, String> changes(JsonNode node) throws EngineException {
        Map<String, String> changes = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!field.getValue().isValueNode()) {
                throw usage("the value of " + field.getKey() + " is not a number or a text");
            }
            changes.put(field.getKey(), field.getValue().asText());
        }
        return changes;
    }

    private static String text(JsonNode node, String field) throws EngineException {
        JsonNode value = node.path(field);
        if (!value.isTextual() || value.asText().isEmpty()) {
            throw usage("the request lacks \"" + field + "\"");
        }
        return value.asText();
    }

    private static EngineException usage(String what) {
        return new EngineException(ErrorCode.USAGE, what);
    }
}
