package writeboost.app.control;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import writeboost.engine.cache.Progress;
import writeboost.engine.cache.SegmentMap;
import writeboost.engine.inspect.RescueReport;

/** The service for all pairs of the user: a pair that another process serves is reached there, any other one here. */
public final class RoutedCacheService implements CacheService {
    private final CacheService here;
    private final ControlSockets sockets;
    private final Map<String, SegmentMap> maps = new ConcurrentHashMap<>(); // the latest that others have sent

    RoutedCacheService(CacheService here, ControlSockets sockets) {
        this.here = here;
        this.sockets = sockets;
    }

    @Override
    public List<PairSummary> list() throws IOException {
        List<PairSummary> all = new ArrayList<>();
        for (PairSummary pair : here.list()) {
            all.add(pair.served() || !sockets.isAlive(pair.name()) ? pair : servedElsewhere(pair));
        }
        return all;
    }

    @Override
    public DeviceContent examine(String path) throws IOException {
        return here.examine(path);
    }

    @Override
    public void create(NewPair pair, Progress progress) throws IOException {
        here.create(pair, progress);
    }

    @Override
    public Served serve(String name, ServeOptions options, Progress progress) throws IOException {
        return here.serve(name, options, progress);
    }

    @Override
    public void stop(String name) throws IOException {
        serviceOf(name).stop(name);
    }

    @Override
    public boolean serves(String name) {
        return here.serves(name) || sockets.isAlive(name);
    }

    @Override
    public PairStatus status(String name) throws IOException {
        return serviceOf(name).status(name);
    }

    @Override
    public SegmentMap segmentMap(String name) throws IOException {
        return serviceOf(name).segmentMap(name);
    }

    @Override
    public void sync(String name) throws IOException {
        serviceOf(name).sync(name);
    }

    @Override
    public void flush(String name, Progress progress) throws IOException {
        serviceOf(name).flush(name, progress);
    }

    @Override
    public void drop(String name, Progress progress) throws IOException {
        serviceOf(name).drop(name, progress);
    }

    @Override
    public Map<String, Object> set(String name, Map<String, String> changes) throws IOException {
        return serviceOf(name).set(name, changes);
    }

    @Override
    public void remove(String name, boolean evenIfDirty) throws IOException {
        serviceOf(name).remove(name, evenIfDirty);
    }

    @Override
    public Optional<RescueReport> resolve(String name, Resolution resolution, Progress progress) throws IOException {
        return serviceOf(name).resolve(name, resolution, progress);
    }

    @Override
    public List<PairEvent> events(String name, long since) throws IOException {
        return serviceOf(name).events(name, since);
    }

    @Override
    public void close() throws IOException {
        here.close();
    }

    private PairSummary servedElsewhere(PairSummary pair) {
        try {
            PairStatus status = new RemoteCacheService(sockets, pair.name(), maps).status(pair.name());
            return new PairSummary(
                    pair.name(), true, status.backing().path(), status.cache().path(), status.sentence());
        } catch (IOException e) {
            return new PairSummary(pair.name(), true, pair.backing(), pair.cache(), Failures.sentence(e));
        }
    }

    private CacheService serviceOf(String name) {
        return !here.serves(name) && sockets.isAlive(name) ? new RemoteCacheService(sockets, name, maps) : here;
    }
}
