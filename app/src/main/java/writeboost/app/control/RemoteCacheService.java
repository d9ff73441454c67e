package writeboost.app.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.SegmentMap;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.inspect.RescueReport;

/** The service of another process, over the control socket of a pair. Each call has a connection of its own. */
final class RemoteCacheService implements CacheService {
    private final ControlSockets sockets;
    private final String socketName;
    private final Map<String, SegmentMap> maps;

    /**
     * Uses a socket.
     *
     * @param socketName the pair whose socket it is
     * @param maps by the name of the pair, the latest pictures of logs that were received: only what has changed since
     *     travels
     */
    RemoteCacheService(ControlSockets sockets, String socketName, Map<String, SegmentMap> maps) {
        this.sockets = sockets;
        this.socketName = socketName;
        this.maps = maps;
    }

    @Override
    public List<PairSummary> list() throws IOException {
        return convert(call(ControlProtocol.request("list"), Progress.NONE), new TypeReference<>() {});
    }

    @Override
    public DeviceContent examine(String path) throws IOException {
        return convert(
                call(ControlProtocol.request("examine").put("path", path), Progress.NONE), new TypeReference<>() {});
    }

    @Override
    public void create(NewPair pair, Progress progress) throws IOException {
        call(ControlProtocol.request("create").set("pair", Json.tree(pair)), progress);
    }

    @Override
    public Served serve(String name, ServeOptions options, Progress progress) throws IOException {
        return convert(
                call(request("serve", name).set("options", Json.tree(options)), progress), new TypeReference<>() {});
    }

    @Override
    public void stop(String name) throws IOException {
        call(request("stop", name), Progress.NONE);
    }

    @Override
    public boolean serves(String name) {
        return sockets.isAlive(name);
    }

    @Override
    public PairStatus status(String name) throws IOException {
        return convert(call(request("status", name), Progress.NONE), new TypeReference<>() {});
    }

    @Override
    public SegmentMap segmentMap(String name) throws IOException {
        SegmentMap known = maps.remove(name);
        long checksum = known == null ? MapCodec.NOTHING : MapCodec.checksum(known.cells());
        MapCodec.Wire wire =
                convert(call(request("map", name).put("known", checksum), Progress.NONE), new TypeReference<>() {});
        SegmentMap now = MapCodec.decode(wire, known);
        maps.put(name, now);
        return now;
    }

    @Override
    public void sync(String name) throws IOException {
        call(request("sync", name), Progress.NONE);
    }

    @Override
    public void flush(String name, Progress progress) throws IOException {
        call(request("flush", name), progress);
    }

    @Override
    public void drop(String name, Progress progress) throws IOException {
        call(request("drop", name), progress);
    }

    @Override
    public Map<String, Object> set(String name, Map<String, String> changes) throws IOException {
        return convert(
                call(request("set", name).set("changes", Json.tree(changes)), Progress.NONE), new TypeReference<>() {});
    }

    @Override
    public void remove(String name, boolean evenIfDirty) throws IOException {
        call(request("remove", name).put("even_if_dirty", evenIfDirty), Progress.NONE);
    }

    @Override
    public Optional<RescueReport> resolve(String name, Resolution resolution, Progress progress) throws IOException {
        throw LocalCacheService.isServed(name);
    }

    @Override
    public List<PairEvent> events(String name, long since) throws IOException {
        return convert(call(request("events", name).put("since", since), Progress.NONE), new TypeReference<>() {});
    }

    @Override
    public void close() {
        // every call has closed its own connection
    }

    private static ObjectNode request(String command, String name) {
        return ControlProtocol.request(command).put("name", name);
    }

    private JsonNode call(JsonNode request, Progress progress) throws IOException {
        Optional<SocketChannel> channel = sockets.connect(socketName);
        if (channel.isEmpty()) {
            throw new EngineException(ErrorCode.STATE, "no process serves " + socketName + " any more");
        }
        try (LineChannel lines = new LineChannel(channel.get(), ControlProtocol.MAX_ANSWER_BYTES)) {
            lines.writeLine(Json.line(request));
            return answer(lines, progress);
        } catch (EngineException e) {
            throw e;
        } catch (IOException e) {
            throw ended(e);
        }
    }

    private JsonNode answer(LineChannel lines, Progress progress) throws IOException {
        boolean cancelled = false;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JsonNode answer = parse(line);
            if (answer.has("error")) {
                throw ControlProtocol.exception(answer.path("error"));
            }
            if (answer.has("result")) {
                return answer.path("result");
            }
            JsonNode how = answer.path("progress");
            boolean goOn =
                    progress.update(how.path("done").asLong(), how.path("total").asLong());
            if (!goOn && !cancelled) {
                cancelled = true;
                lines.writeLine(Json.line(ControlProtocol.request(ControlProtocol.CANCEL)));
            }
        }
        throw ended(null);
    }

    private JsonNode parse(String line) throws EngineException {
        try {
            return Json.mapper().readTree(line);
        } catch (JsonProcessingException e) {
            throw new EngineException(
                    ErrorCode.IO, "the process that serves " + socketName + " answered what is not JSON", e);
        }
    }

    private EngineException ended(@org.jspecify.annotations.Nullable IOException cause) {
        String what = "the process that serves " + socketName + " ended before it had answered";
        return cause == null
                ? new EngineException(ErrorCode.IO, what)
                : new EngineException(ErrorCode.IO, what + " (" + Failures.sentence(cause) + ")", cause);
    }

    private <T> T convert(JsonNode result, TypeReference<T> type) throws EngineException {
        try {
            return Json.mapper().treeToValue(result, Json.mapper().constructType(type));
        } catch (JsonProcessingException e) {
            throw new EngineException(
                    ErrorCode.IO,
                    "the process that serves " + socketName + " is of another version; stop it and start it again",
                    e);
        }
    }
}
