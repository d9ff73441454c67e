package writeboost.app.gui.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import writeboost.app.control.PairStatus;
import writeboost.app.control.ServiceFixture;
import writeboost.engine.cache.SegmentMap;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

@Timeout(60)
class WindowModelTest {
    @TempDir
    private Path folder;

    private ServiceFixture fixture;
    private WindowModel model;
    private final ExecutorService actions = Executors.newSingleThreadExecutor();
    private final AtomicLong nanoTime = new AtomicLong();
    private final Deque<Board> boards = new ArrayDeque<>();
    private final Deque<SegmentMap> maps = new ArrayDeque<>();

    @BeforeEach
    void setUp() throws IOException {
        fixture = new ServiceFixture(folder);
        model = new WindowModel(fixture.client, actions, nanoTime::get, new Audience() {
            @Override
            public void onBoard(Board board) {
                boards.add(board);
            }

            @Override
            public void onMap(SegmentMap map) {
                maps.add(map);
            }

            @Override
            public void onChart(ChartViewModel chart) {
                // looked at through model.chart()
            }
        });
    }

    @AfterEach
    void tearDown() throws IOException {
        actions.shutdownNow();
        fixture.close();
    }

    @Test
    void withoutAPairItSaysSoAndOffersNothing() {
        Board board = look();

        assertThat(board.header().name()).isEmpty();
        assertThat(board.header().sentence()).contains("No pair");
        assertThat(board.header().canAct()).isFalse();
        assertThat(board.header().canStart()).isFalse();
    }

    @Test
    void aPairThatIsServedIsShownRatherThanOneThatIsNot() throws IOException {
        fixture.create("archive");
        fixture.serve("usb");

        Board board = look();

        assertThat(board.header().name()).isEqualTo("usb");
        assertThat(board.header().names()).containsExactly("archive", "usb");
        assertThat(board.header().canStop()).isTrue();
        assertThat(board.header().canStart()).isFalse();
    }

    @Test
    void theFiguresAreThoseOfTheStatusOfThatSnapshot() throws IOException {
        fixture.engine.dirty.put("usb", 300_000L);
        fixture.serve("usb");

        Board board = look();
        PairStatus next = fixture.client.status("usb");

        assertThat(next.snapshotId()).isEqualTo(board.snapshotId() + 1);
        assertThat(board.header().sentence()).isEqualTo("Serving. 1.1 GiB not yet on the disk, oldest 4 min.");
        assertThat(figure(board, Figure.NOT_ON_DISK)).isEqualTo("1.1 GiB");
        assertThat(board.legend().sentence()).startsWith("1.1 GiB only on the SSD, oldest 4 min.");
    }

    @Test
    void aPairThatIsNotServedCanBeStartedAndStopped() throws IOException {
        fixture.create("usb");
        assertThat(look().header().canStart()).isTrue();

        act(Action.START);

        assertThat(look().header().served()).isTrue();
        assertThat(model.servedHere()).containsExactly("usb");

        act(Action.STOP);

        assertThat(look().header().canStart()).isTrue();
        assertThat(model.servedHere()).isEmpty();
    }

    @Test
    void whileSomethingIsDoneNothingElseCanBeAskedForAndItCanBeCancelled() throws Exception {
        fixture.engine.dirty.put("usb", 1000L);
        fixture.engine.flushNeverEnds = true;
        fixture.serve("usb");
        look();

        model.act(Action.FLUSH);
        fixture.engine.flushBegan.await();
        Board during = look();
        ActionViewModel running = during.action();
        assertThat(running).isNotNull();
        assertThat(running.action()).isEqualTo(Action.FLUSH);
        assertThat(running.cancellable()).isTrue();
        assertThat(during.header().canAct()).isFalse();

        model.cancel();
        await().until(() -> !model.isActing());

        Board after = look();
        assertThat(after.action()).isNull();
        assertThat(after.header().canAct()).isTrue();
        assertThat(after.event().what()).contains("Flush cancelled").contains("Nothing is lost");
        assertThat(fixture.engine.calls()).contains("cancelled usb");
    }

    @Test
    void whatIsAskedForWhileTheWindowClosesIsNotBegun() throws IOException {
        fixture.serve("usb");
        look();
        actions.shutdown();

        model.act(Action.FLUSH);

        assertThat(model.isActing()).isFalse();
        assertThat(fixture.engine.calls()).doesNotContain("flush usb");
    }

    @Test
    void aFlushEndsWithASentence() throws IOException {
        fixture.engine.dirty.put("usb", 1000L);
        fixture.serve("usb");
        look();

        act(Action.FLUSH);

        Board board = look();
        assertThat(board.event().what()).isEqualTo("Flushed: everything that waited is on the disk.");
        assertThat(board.header().sentence()).isEqualTo("Serving. Everything is on the disk.");
    }

    @Test
    void withAClientItIsNotSafeToUnplugAndSaysWhatToDo() throws IOException {
        fixture.engine.clients = 2;
        fixture.serve("usb");
        look();

        act(Action.UNPLUG);

        Notice notice = look().notice().orElseThrow();
        assertThat(notice.kind()).isEqualTo(Notice.Kind.REFUSED);
        assertThat(notice.what()).contains("not safe").contains("2 connected programs");
        assertThat(notice.toDo()).contains("unmount").contains("nbd+unix:///usb");
        assertThat(fixture.server.serves("usb")).isTrue();
    }

    @Test
    void withoutAClientItIsSafeToUnplugAfterAFlushWithNobodyServed() throws IOException {
        fixture.engine.clients = 0;
        fixture.engine.dirty.put("usb", 1000L);
        fixture.serve("usb");
        look();

        act(Action.UNPLUG);

        Notice notice = look().notice().orElseThrow();
        assertThat(notice.kind()).isEqualTo(Notice.Kind.GOOD);
        assertThat(notice.what()).isEqualTo("usb is safe to unplug.");
        assertThat(fixture.client.serves("usb")).isFalse();
        assertThat(fixture.engine.calls()).contains("flush usb", "stop usb");
        assertThat(fixture.clientEngine.calls())
                .as("the last flush is of a pair that nobody serves")
                .containsSubsequence("open usb", "flush usb", "stop usb");
    }

    @Test
    void aFlushThatFailsMakesNothingSafeToUnplug() throws IOException {
        fixture.engine.clients = 0;
        fixture.serve("usb");
        look();
        fixture.clientEngine.openFailure = new EngineException(ErrorCode.IO, "/slow/usb does not answer");

        act(Action.UNPLUG);

        Notice notice = look().notice().orElseThrow();
        assertThat(notice.kind()).isEqualTo(Notice.Kind.REFUSED);
        assertThat(notice.what()).isEqualTo("The disk is NOT safe to unplug.");
        assertThat(notice.meaning()).isEqualTo("/slow/usb does not answer");
    }

    @Test
    void aFailureIsABannerThatCanBeClosed() throws IOException {
        fixture.create("usb");
        look();
        fixture.clientEngine.openFailure = new EngineException(ErrorCode.IN_USE, "/dev/usb is in use by another");

        act(Action.START);

        Notice notice = look().notice().orElseThrow();
        assertThat(notice.sentence()).contains("could not begin").contains("/dev/usb is in use by another");
        model.dismissNotice();
        assertThat(look().notice()).isEmpty();
    }

    @Test
    void thePictureOfTheLogComesFromTheProcessThatServes() throws IOException {
        fixture.engine.map = Maps.of("ccDD  ");
        fixture.serve("usb");
        look();

        model.lookAtMap();
        fixture.engine.map = Maps.of("cccDD ");
        model.lookAtMap();

        assertThat(maps).hasSize(2);
        assertThat(maps.getFirst().cells()).isEqualTo(Maps.of("ccDD  ").cells());
        assertThat(maps.getLast().cells()).isEqualTo(Maps.of("cccDD ").cells());
        assertThat(maps.getLast().headSlot()).isEqualTo(4);
    }

    @Test
    void aFrozenPictureStaysAndTheEngineGoesOn() throws IOException {
        fixture.serve("usb");
        look();
        model.freeze(true);

        model.lookAtMap();
        model.lookAtFigures();

        assertThat(maps).isEmpty();
        assertThat(boards).hasSize(1);
        assertThat(fixture.engine.calls()).doesNotContain("stop usb");

        model.freeze(false);
        model.lookAtMap();
        assertThat(maps).hasSize(1);
    }

    @Test
    void theLatestEventIsTheLine() throws IOException {
        fixture.serve("usb");
        fixture.engine.tell("usb", "The first.");
        fixture.engine.tell("usb", "The SSD was slow for a while.");

        assertThat(look().event().what()).isEqualTo("The SSD was slow for a while.");
        assertThat(look().event().what()).isEqualTo("The SSD was slow for a while.");
    }

    @Test
    void theChartFollowsTheFigureThatWasChosen() throws IOException {
        fixture.engine.dirty.put("usb", 256L);
        fixture.serve("usb");
        look();
        model.lookAtChart();

        assertThat(newest(model.chart())).isEqualTo(1 << 20);
        model.chart(Figure.COMING_IN);
        assertThat(model.chart().figure()).isEqualTo(Figure.COMING_IN);
        model.chart(Span.HOUR);
        assertThat(newest(model.chart())).isNaN();
        assertThat(model.chart().sentence()).contains("Coming in");
    }

    private static double newest(ChartViewModel chart) {
        return chart.points()[chart.points().length - 1];
    }

    private static @Nullable String figure(Board board, Figure figure) {
        return board.figures().stream()
                .filter(each -> each.figure() == figure)
                .map(FigureViewModel::value)
                .findFirst()
                .orElse(null);
    }

    private void act(Action action) {
        model.act(action);
        await().until(() -> !model.isActing());
    }

    private Board look() {
        nanoTime.addAndGet(500_000_000L);
        model.lookAtFigures();
        return boards.getLast();
    }
}
