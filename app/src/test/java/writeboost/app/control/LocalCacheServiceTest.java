package writeboost.app.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import writeboost.engine.cache.PairState;
import writeboost.engine.cache.Progress;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

class LocalCacheServiceTest {
    @TempDir
    private Path folder;

    private ServiceFixture fixture;
    private LocalCacheService service;

    @BeforeEach
    void setUp() throws IOException {
        fixture = new ServiceFixture(folder);
        service = fixture.server;
    }

    @AfterEach
    void tearDown() throws IOException {
        fixture.close();
    }

    @Test
    void createFormatsTheCacheAndThenKeepsTheProfile() throws IOException {
        fixture.engine.device("/dev/ssd", null);

        service.create(
                new NewPair("usb", "/slow", "/dev/ssd", 0, Map.of("writeback_threshold", "50"), false), Progress.NONE);

        assertThat(fixture.engine.calls()).containsExactly("format usb /slow /dev/ssd 0 false");
        assertThat(fixture.profiles.load("usb").profile().settings().writebackThreshold())
                .isEqualTo(50);
    }

    @Test
    void createRefusesACacheThatIsNotEmptyAndFormatsNothing() {
        fixture.engine.device("/dev/ssd", "an XFS file system");

        assertRefused(
                ErrorCode.STATE,
                "an XFS file system",
                () -> service.create(new NewPair("usb", "/slow", "/dev/ssd", 0, Map.of(), false), Progress.NONE));
        assertThat(fixture.engine.calls()).isEmpty();
        assertThat(fixture.profiles.exists("usb")).isFalse();
    }

    @Test
    void createOverwritesWithTheUsersWord() throws IOException {
        fixture.engine.device("/dev/ssd", "an XFS file system");

        service.create(new NewPair("usb", "/slow", "/dev/ssd", 0, Map.of(), true), Progress.NONE);

        assertThat(fixture.engine.calls()).containsExactly("format usb /slow /dev/ssd 0 true");
    }

    @Test
    void createRefusesATakenNameAndAWrongOneAndAWrongSetting() throws IOException {
        fixture.create("usb");
        fixture.engine.device("/dev/other", null);

        assertRefused(
                ErrorCode.STATE,
                "already",
                () -> service.create(new NewPair("usb", "/b", "/dev/other", 0, Map.of(), false), Progress.NONE));
        assertRefused(
                ErrorCode.USAGE,
                "cannot be the name",
                () -> service.create(new NewPair("../x", "/b", "/dev/other", 0, Map.of(), false), Progress.NONE));
        assertRefused(
                ErrorCode.USAGE,
                "writeback_threshold is 101",
                () -> service.create(
                        new NewPair("b", "/b", "/dev/other", 0, Map.of("writeback_threshold", "101"), false),
                        Progress.NONE));
        assertThat(service.list()).extracting(PairSummary::name).containsExactly("usb");
    }

    @Test
    void aServedPairTellsItsFiguresAndWhereItIs() throws IOException {
        fixture.create("usb");
        fixture.engine.dirty.put("usb", 300L);

        Served served = service.serve("usb", new ServeOptions("/tmp/x.sock", "127.0.0.1:10809"), Progress.NONE);
        PairStatus status = service.status("usb");

        assertThat(served.uris()).containsExactly("nbd+unix:///usb?socket=/tmp/x.sock", "nbd://127.0.0.1:10809/usb");
        assertThat(status.state()).isEqualTo(PairState.DIRTY);
        assertThat(status.sentence()).isEqualTo("Serving. 1.2 MiB not yet on the disk, oldest 4 min.");
        assertThat(status.uris()).isEqualTo(served.uris());
        assertThat(status.dirtyBytes()).isEqualTo(300 * 4096);
        assertThat(status.migration().etaS()).isNull();
        assertThat(service.serves("usb")).isTrue();
    }

    @Test
    void aPairIsServedOnlyOnce() throws IOException {
        fixture.serve("usb");

        assertRefused(ErrorCode.STATE, "already", () -> service.serve("usb", ServeOptions.DEFAULT, Progress.NONE));
    }

    @Test
    void aPairThatDoesNotOpenLeavesNothingBehind() throws IOException {
        fixture.create("usb");
        fixture.engine.openFailure = new EngineException(ErrorCode.IN_USE, "/dev/usb is in use");

        assertRefused(ErrorCode.IN_USE, "in use", () -> service.serve("usb", ServeOptions.DEFAULT, Progress.NONE));
        assertThat(service.serves("usb")).isFalse();
        assertThat(fixture.client.serves("usb")).isFalse();

        fixture.engine.openFailure = null;
        service.serve("usb", ServeOptions.DEFAULT, Progress.NONE);
        assertThat(service.serves("usb")).isTrue();
    }

    @Test
    void aSocketThatCannotBeUsedStopsTheOpenedPair() throws IOException {
        fixture.create("usb");

        assertRefused(
                ErrorCode.IN_USE,
                "/taken",
                () -> service.serve("usb", new ServeOptions("/taken", null), Progress.NONE));
        assertThat(fixture.engine.calls()).endsWith("stop usb");
        assertThat(service.serves("usb")).isFalse();
    }

    @Test
    void aStoppedPairTellsWhatWaits() throws IOException {
        fixture.create("usb");
        assertThat(service.status("usb").sentence()).isEqualTo("Not serving.");

        fixture.engine.dirty.put("usb", 0L);
        assertThat(service.status("usb").sentence()).isEqualTo("Not serving. Nothing waits.");

        fixture.engine.dirty.put("usb", 314_573L);
        assertThat(service.status("usb").sentence()).isEqualTo("Not serving. 1.2 GiB still waits on the SSD.");
        assertThat(service.status("usb").state()).isEqualTo(PairState.STOPPED);
    }

    @Test
    void syncAndStopNeedAPairThatIsServed() throws IOException {
        fixture.create("usb");

        assertRefused(ErrorCode.STATE, "not being served", () -> service.sync("usb"));
        assertRefused(ErrorCode.STATE, "not being served", () -> service.stop("usb"));
        assertRefused(ErrorCode.NOT_FOUND, "no pair \"other\"", () -> service.stop("other"));
    }

    @Test
    void flushOpensAPairThatIsNotServedAndStopsItAgain() throws IOException {
        fixture.create("usb");

        service.flush("usb", Progress.NONE);

        assertThat(fixture.engine.calls()).endsWith("open usb", "flush usb", "stop usb");
        assertThat(service.serves("usb")).isFalse();
    }

    @Test
    void aStopThatFailsStillGivesThePairUp() throws IOException {
        fixture.serve("usb");
        fixture.engine.stopFailure = new EngineException(ErrorCode.IO, "the SSD refuses the last flush");

        assertRefused(ErrorCode.IO, "refuses", () -> service.stop("usb"));
        assertThat(service.serves("usb")).isFalse();
    }

    @Test
    void setChangesTheRunningPairAndItsProfile() throws IOException {
        fixture.serve("usb");

        Map<String, Object> all = service.set("usb", Map.of("sync_data_interval", "1"));

        assertThat(all).containsEntry("sync_data_interval", 1).containsEntry("writeback_threshold", 70);
        assertThat(fixture.engine.calls()).endsWith("settings usb");
        assertThat(fixture.profiles.load("usb").profile().settings().syncDataInterval())
                .isEqualTo(1);
        assertThat(service.status("usb").settings()).containsEntry("sync_data_interval", 1);
    }

    @Test
    void setRefusesUnknownNamesAndValuesOutOfRangeAndChangesNothing() throws IOException {
        fixture.serve("usb");

        assertRefused(ErrorCode.USAGE, "no setting speed", () -> service.set("usb", Map.of("speed", "9")));
        assertRefused(
                ErrorCode.USAGE,
                "must be from 1 to 32",
                () -> service.set("usb", Map.of("nr_max_batched_writeback", "33")));
        assertRefused(ErrorCode.USAGE, "whole number", () -> service.set("usb", Map.of("sync_data_interval", "soon")));
        assertThat(fixture.engine.calls()).doesNotContain("settings usb");
    }

    @Test
    void removeRefusesAServedPairAndOneWithWaitingData() throws IOException {
        fixture.serve("usb");
        assertRefused(ErrorCode.STATE, "is being served", () -> service.remove("usb", true));

        service.stop("usb");
        fixture.engine.dirty.remove("usb");
        assertRefused(ErrorCode.STATE, "data may wait there", () -> service.remove("usb", false));
        fixture.engine.dirty.put("usb", 1L);
        assertRefused(ErrorCode.STATE, "4 KiB still waits", () -> service.remove("usb", false));
        assertThat(fixture.profiles.exists("usb")).isTrue();

        service.remove("usb", true);
        assertThat(fixture.profiles.exists("usb")).isFalse();
    }

    @Test
    void eventsAreNumberedAndTheOldestGoFirst() throws IOException {
        fixture.serve("usb");
        for (int i = 1; i <= ServedPair.MAX_EVENTS + 5; i++) {
            fixture.engine.tell("usb", "event " + i);
        }

        List<PairEvent> all = service.events("usb", 0);
        assertThat(all).hasSize(ServedPair.MAX_EVENTS);
        assertThat(all.get(0).number()).isEqualTo(6);
        assertThat(service.events("usb", ServedPair.MAX_EVENTS + 4))
                .containsExactly(new PairEvent(
                        ServedPair.MAX_EVENTS + 5,
                        1_000,
                        writeboost.engine.cache.EngineEvent.Severity.WARNING,
                        "event " + (ServedPair.MAX_EVENTS + 5)));
    }

    @Test
    void closingStopsAllPairsAlsoWhenOneFails() throws IOException {
        fixture.serve("a");
        fixture.serve("b");
        fixture.engine.stopFailure = new EngineException(ErrorCode.IO, "broken");

        assertRefused(ErrorCode.IO, "broken", service::close);
        assertThat(fixture.engine.calls()).contains("stop a", "stop b");
        assertThat(service.serves("a")).isFalse();
        assertThat(service.serves("b")).isFalse();
    }

    private static void assertRefused(ErrorCode code, String words, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(words)
                .extracting(failure -> ((EngineException) failure).code())
                .isEqualTo(code);
    }
}
