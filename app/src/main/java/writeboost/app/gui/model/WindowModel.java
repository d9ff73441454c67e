package writeboost.app.gui.model;

import java.io.IOException;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import writeboost.app.control.CacheService;
import writeboost.app.control.Failures;
import writeboost.app.control.PairEvent;
import writeboost.app.control.PairStatus;
import writeboost.app.control.PairSummary;
import writeboost.app.control.ServeOptions;
import writeboost.engine.cache.EngineEvent;
import writeboost.engine.cache.SegmentMap;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.host.NbdDevices;

/**
 * What the window knows and does, without a toolkit. Somebody calls the {@code look} methods at their pace;
 * actions run on the executor, one at a time; the audience is told of what is new. The engine waits for none of them.
 */
public final class WindowModel {
    private static final Logger LOG = LoggerFactory.getLogger(WindowModel.class);
    /** Figures are looked at twice a second; the list of pairs changes seldom. */
    private static final int LOOKS_PER_LIST = 8;

    private final CacheService service;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final Audience audience;
    private final SafeUnplug.Attachments attachments;
    private final History history = new History();
    private final Recent recent = new Recent();
    private final Object looking = new Object();

    private final Set<String> started = ConcurrentHashMap.newKeySet();

    private volatile @Nullable String chosen;
    private volatile Figure figure = Figure.NOT_ON_DISK;
    private volatile Span span = Span.MINUTE;
    private volatile boolean frozen;
    private volatile @Nullable RunningAction running;
    private volatile @Nullable Notice notice;
    private volatile @Nullable EventLine outcome;

    // guarded by looking, as is recent
    private List<PairSummary> pairs = List.of();
    private int looks;
    private @Nullable String looked;
    private @Nullable PairStatus status;
    private @Nullable PairStatus lastServed; // what the tape still shows once it is stopped
    private long lastEvent;
    private EventLine event = EventLine.NOTHING;

    /**
     * Makes one.
     *
     * @param executor carries out actions, which may take long
     */
    public WindowModel(CacheService service, Executor executor, LongSupplier nanoTime, Audience audience) {
        this(service, executor, nanoTime, audience, NbdDevices.ofThisMachine()::of);
    }

    WindowModel(
            CacheService service,
            Executor executor,
            LongSupplier nanoTime,
            Audience audience,
            SafeUnplug.Attachments attachments) {
        this.attachments = attachments;
        this.service = service;
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.audience = audience;
    }

    /** Shows another pair. */
    public void choose(@Nullable String name) {
        chosen = name;
        notice = null;
        outcome = null;
    }

    /** The pair that is shown. */
    public @Nullable String chosen() {
        return chosen;
    }

    /** Shows another figure in the chart. */
    public void chart(Figure newFigure) {
        figure = newFigure;
        audience.onChart(chart());
    }

    /** Shows another span in the chart. */
    public void chart(Span newSpan) {
        span = newSpan;
        audience.onChart(chart());
    }

    /** The chart as it is. */
    public ChartViewModel chart() {
        return ChartViewModel.of(figure, span, history);
    }

    /** Holds the picture, not the engine; or lets it go on. */
    public void freeze(boolean freeze) {
        frozen = freeze;
    }

    /** Whether the picture is held. */
    public boolean isFrozen() {
        return frozen;
    }

    /** Closes the banner. */
    public void dismissNotice() {
        notice = null;
    }

    /** Pairs that were started here and are still served. */
    public Set<String> servedHere() {
        started.removeIf(name -> !service.serves(name));
        return new TreeSet<>(started);
    }

    /** Looks at the figures, twice a second. */
    public void lookAtFigures() {
        synchronized (looking) {
            lookAtAll();
        }
    }

    private void lookAtAll() {
        if (looks++ % LOOKS_PER_LIST == 0) {
            lookAtPairs();
        }
        String name = chosen;
        if (name == null || !name.equals(looked)) {
            forget(name);
        }
        String sentence = name == null ? "" : lookAt(name);
        if (!frozen || running != null) {
            audience.onBoard(board(name, sentence));
        }
    }

    private void lookAtPairs() {
        try {
            pairs = service.list();
            if (chosen == null && !pairs.isEmpty()) {
                chosen = pairs.stream()
                        .filter(PairSummary::served)
                        .findFirst()
                        .orElse(pairs.get(0))
                        .name();
            }
        } catch (IOException e) {
            LOG.warn("the pairs cannot be listed: {}", Failures.sentence(e));
        }
    }

    private void forget(@Nullable String name) {
        looked = name;
        status = null;
        lastServed = null;
        lastEvent = 0;
        event = EventLine.NOTHING;
        recent.clear();
        history.clear();
    }

    /** Returns the state as a sentence. */
    private String lookAt(String name) {
        try {
            PairStatus now = service.status(name);
            boolean opening = status == null || status.snapshotId() > now.snapshotId();
            status = now;
            recent.add(nanoTime.getAsLong(), now);
            List<PairEvent> events = service.events(name, opening ? 0 : lastEvent);
            if (!events.isEmpty()) {
                PairEvent last = events.get(events.size() - 1);
                lastEvent = last.number();
                event = EventLine.of(last, ZoneId.systemDefault());
            }
            return now.sentence();
        } catch (IOException e) {
            status = null;
            recent.clear();
            return Failures.sentence(e);
        }
    }

    private Board board(@Nullable String name, String sentence) {
        PairStatus now = status;
        boolean served = name != null && now != null && !now.uris().isEmpty() && service.serves(name);
        if (served) {
            lastServed = now;
        }
        RunningAction action = running;
        Optional<Notice> fault = Notice.faultOf(served ? now : null);
        return new Board(
                now == null ? 0 : now.snapshotId(),
                HeaderViewModel.of(pairs, name, served, sentence, action != null),
                now == null ? 0 : now.headId(),
                now != null && now.dirtyBlocks() + now.dirtyRanges() > 0,
                FlowViewModel.of(served ? now : null, recent),
                LegendViewModel.of(served ? now : lastServed),
                FigureViewModel.of(served ? now : null, recent),
                fault.isPresent() ? fault : Optional.ofNullable(notice),
                line(served ? now : null),
                action == null ? null : action.view());
    }

    /** What was done last, else what happened last, else where it is served. */
    private EventLine line(@Nullable PairStatus served) {
        EventLine said = outcome;
        if (said != null) {
            return said;
        }
        return served != null && event.equals(EventLine.NOTHING) ? EventLine.served(served) : event;
    }

    /** Looks at the log, ten times a second. */
    public void lookAtMap() {
        String name = chosen;
        if (name == null || frozen || !service.serves(name)) {
            return;
        }
        try {
            SegmentMap map = service.segmentMap(name);
            audience.onMap(map);
        } catch (IOException e) {
            LOG.debug("no picture of the log of {}: {}", name, Failures.sentence(e));
        }
    }

    /** Adds a second to the chart. */
    public void lookAtChart() {
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        synchronized (looking) {
            PairStatus now = status;
            if (now != null && !now.uris().isEmpty()) {
                for (Figure each : Figure.values()) {
                    figures.put(each, FigureViewModel.number(each, now, recent));
                }
            }
        }
        history.add(figures);
        if (!frozen) {
            audience.onChart(chart());
        }
    }

    /** Has something done to the pair that is shown; nothing if something is being done already. */
    public synchronized void act(Action action) {
        String name = chosen;
        if (name == null || running != null) {
            return;
        }
        notice = null;
        RunningAction now = new RunningAction(action, nanoTime);
        running = now;
        try {
            executor.execute(() -> carryOut(name, now));
        } catch (RejectedExecutionException e) {
            running = null; // the window is closing
        }
    }

    /** Ends early what runs, if it can be. */
    public void cancel() {
        RunningAction now = running;
        if (now != null) {
            now.cancel();
        }
    }

    /** Whether something is being done. */
    public boolean isActing() {
        return running != null;
    }

    private void carryOut(String name, RunningAction action) {
        try {
            tell(perform(name, action));
        } catch (EngineException e) {
            if (e.code() == ErrorCode.CANCELLED) {
                tell(action.action().key() + ".cancelled");
            } else {
                failed(name, action, e);
            }
        } catch (IOException | RuntimeException e) {
            failed(name, action, e);
        } finally {
            running = null;
        }
    }

    private void lookForTheLastTime() {
        lookAtFigures();
        lookAtMap();
    }

    private void failed(String name, RunningAction action, Exception failure) {
        LOG.warn("{} of {} failed", action.action(), name, failure);
        notice = Notice.failed(action.action(), Failures.sentence(failure));
    }

    /** Returns the key of what to say of it. */
    private String perform(String name, RunningAction action) throws IOException {
        switch (action.action()) {
            case SYNC -> service.sync(name);
            case FLUSH -> service.flush(name, action);
            case DROP -> service.drop(name, action);
            case START -> {
                service.serve(name, ServeOptions.DEFAULT, action);
                started.add(name);
            }
            case STOP -> service.stop(name);
            case UNPLUG -> {
                Notice result = new SafeUnplug(service, attachments, this::lookForTheLastTime).run(name, action);
                notice = result;
                if (result.kind() != Notice.Kind.GOOD) {
                    return action.action().key() + ".refused";
                }
            }
        }
        return action.action().key() + ".done";
    }

    private void tell(String key) {
        outcome = EventLine.of(
                System.currentTimeMillis(), ZoneId.systemDefault(), Texts.get(key), EngineEvent.Severity.INFO);
    }
}
