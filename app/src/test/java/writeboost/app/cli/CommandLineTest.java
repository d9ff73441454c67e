package writeboost.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import writeboost.app.config.Environment;
import writeboost.app.config.Version;
import writeboost.app.control.CacheService;
import writeboost.app.control.ServiceFixture;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.inspect.RescueReport;

/** The command line as a user meets it: what it prints where, and what it returns. */
@Timeout(60)
class CommandLineTest {
    @TempDir
    private Path folder;

    private ServiceFixture fixture;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Interruption interruption = new Interruption();
    private boolean isTerminal;
    private String typed = "";

    @BeforeEach
    void setUp() throws IOException {
        fixture = new ServiceFixture(folder);
    }

    @AfterEach
    void tearDown() throws IOException {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo", "bench", "create", "serve", "list", "status", "stop", "remove", "sync", "flush", "drop", "set",
                "inspect", "verify", "resolve", "rescue"
            })
    void everyCommandHasHelpAndAVersion(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString()).contains("Usage: writeboost " + command);
        assertThat(run(command, "--version")).isZero();
        assertThat(out.toString()).contains("writeboost " + Version.text());
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theProgramItselfHasHelpAndAVersion() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("Usage: writeboost")
                .contains("serve")
                .contains("Exit status");
        assertThat(run("--version")).isZero();
        assertThat(Version.text()).matches("\\d+\\.\\d+\\.\\d+.*");
    }

    @ParameterizedTest
    @CsvSource({
        "explode, explode",
        "status, NAME",
        "status a b, 'b'",
        "status usb --jsn, --jsn",
        "create usb --cache /c, --backing",
        "create ../x --backing /b --cache /c, cannot be the name of a pair",
        "create usb --backing /b --cache /c --cache-size big, is not a size",
        "create usb --backing /b --cache /c --cache-size 0, is 0",
        "create usb --backing /b --cache /c --set speed, KEY=VALUE",
        "create usb --backing /b --cache /c, does not exist",
        "create usb --backing /b --cache /there --cache-size 1G, exists already",
        "create usb --backing /b --cache /there --set speed=1, there is no setting speed",
        "set usb speed=1, there is no setting speed",
        "set usb writeback_threshold=101, must be from 0 to 100",
        "set usb writeback_threshold, KEY=VALUE"
    })
    void wrongUsageIsSaidInOneSentenceAndReturnsTwo(String line, String words) throws IOException {
        fixture.create("usb0");
        fixture.create("usb");
        fixture.clientEngine.device("/there", null);

        assertThat(run(line.replace("create usb", "create new").split(" "))).isEqualTo(2);
        assertThat(err.toString()).startsWith("writeboost: ").contains(words).doesNotContain("Exception");
        assertThat(out.toString()).isEmpty();
        assertThat(fixture.clientEngine.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "status", "stop", "remove", "sync", "flush", "drop", "set"})
    void aPairThatDoesNotExistIsAFailure(String command) {
        assertThat(run(command, "nobody")).isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo(
                        "writeboost: there is no pair \"nobody\"; there is none yet; `writeboost create` makes one\n");
    }

    @Test
    void createOnAnEmptyDeviceAsksNothing() {
        fixture.clientEngine.device("/dev/ssd", null);

        assertThat(run("create", "usb", "--backing", "/slow", "--cache", "/dev/ssd", "--set", "sync_data_interval=1"))
                .isZero();
        assertThat(fixture.clientEngine.calls()).containsExactly("format usb /slow /dev/ssd 0 false");
        assertThat(out.toString()).contains("Created usb");
        assertThat(err.toString()).contains("Formatting /dev/ssd: 100 %");
    }

    @Test
    void createMakesACacheFileAndKeepsAbsolutePaths() {
        assertThat(run("create", "usb", "--backing", "hdd:disk.img", "--cache", "/x/../cache", "--cache-size", "1G"))
                .isZero();

        assertThat(fixture.clientEngine.calls())
                .containsExactly("format usb hdd:" + Path.of("disk.img").toAbsolutePath() + " /cache 1073741824 false");
    }

    @Test
    void createShowsWhatWouldBeLostAndGoesOnOnlyWithYes() {
        fixture.clientEngine.device("/dev/ssd", "an ext4 file system");
        isTerminal = true;

        for (String answer : List.of("no\n", "y\n", "\n", "")) {
            typed = answer;
            assertThat(run("create", "usb", "--backing", "/slow", "--cache", "/dev/ssd"))
                    .isEqualTo(1);
        }
        assertThat(err.toString())
                .contains("/dev/ssd (1 GiB) holds an ext4 file system, which would be lost")
                .contains("Nothing was changed.");
        assertThat(fixture.clientEngine.calls()).isEmpty();

        typed = "yes\n";
        assertThat(run("create", "usb", "--backing", "/slow", "--cache", "/dev/ssd"))
                .isZero();
        assertThat(fixture.clientEngine.calls()).containsExactly("format usb /slow /dev/ssd 0 true");
    }

    @Test
    void createWithNobodyToAskIsRefusedUnlessYesIsSaid() {
        fixture.clientEngine.device("/dev/ssd", "an ext4 file system");
        typed = "yes\n";

        assertThat(run("create", "usb", "--backing", "/slow", "--cache", "/dev/ssd"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("say --yes to overwrite exactly this device");
        assertThat(fixture.clientEngine.calls()).isEmpty();

        assertThat(run("create", "usb", "--backing", "/slow", "--cache", "/dev/ssd", "--yes"))
                .isZero();
    }

    @Test
    void listShowsEveryPairAndItsState() throws IOException {
        assertThat(run("list")).isZero();
        assertThat(out.toString()).contains("There is no pair yet");

        fixture.serve("usb");
        fixture.create("other");
        assertThat(run("list")).isZero();
        assertThat(out.toString())
                .contains("other: Not serving.")
                .contains("usb: Serving. Everything is on the disk.")
                .contains("/dev/usb in front of /slow/usb");
    }

    @Test
    void statusIsForPeople() throws IOException {
        fixture.serve("usb");
        fixture.engine.dirty.put("usb", 2600L);

        assertThat(run("status", "usb")).isZero();
        assertThat(out.toString().lines().toList())
                .startsWith("usb: Serving. 10.2 MiB not yet on the disk, oldest 4 min.")
                .contains("  served at  nbd+unix:///usb?socket=/run/test.sock")
                .contains("  dirty      10.2 MiB, 1.0 % of the cache")
                .contains("  hits       reads 93 %, writes 25 % (hits / (hits + misses), since it was opened)");
    }

    @Test
    void statusAsJsonHasTheFieldsThatAreDocumented() throws IOException {
        fixture.serve("usb");

        assertThat(run("status", "usb", "--json")).isZero();
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(StatusFields.namesOf(json)).isEqualTo(StatusFields.documented());
        assertThat(json.path("state").asText()).isEqualTo("clean");
        assertThat(json.path("mode").asText()).isEqualTo("writeback");
        assertThat(json.path("cache").path("segments").asLong()).isEqualTo(2047);
        assertThat(json.path("migration").path("eta_s").isNull()).isTrue();
        assertThat(json.path("settings").path("writeback_threshold").asInt()).isEqualTo(70);
    }

    @Test
    void aStoppedPairHasTheSameFields() throws IOException {
        fixture.create("usb");

        assertThat(run("status", "usb", "--json")).isZero();
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(StatusFields.namesOf(json)).isEqualTo(StatusFields.documented());
        assertThat(json.path("state").asText()).isEqualTo("stopped");
    }

    @Test
    void watchingEndsWithASignal() throws Exception {
        fixture.serve("usb");
        CompletableFuture<Integer> code =
                CompletableFuture.supplyAsync(() -> run("status", "usb", "--watch", "--json"));
        interruption.request();

        assertThat(code.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).startsWith("{\"snapshot_id\":"));
    }

    @Test
    void commandsReachTheProcessThatServes() throws IOException {
        fixture.serve("usb");

        assertThat(run("sync", "usb")).isZero();
        assertThat(run("flush", "usb")).isZero();
        assertThat(run("drop", "usb")).isZero();
        assertThat(run("set", "usb", "sync_data_interval=3")).isZero();
        assertThat(out.toString()).contains("sync_data_interval=3").contains("writeback_threshold=70");
        assertThat(run("stop", "usb")).isZero();
        fixture.clientEngine.dirty.put("usb", 0L);
        assertThat(run("remove", "usb")).isZero();

        assertThat(fixture.engine.calls())
                .containsSubsequence("sync usb", "flush usb", "drop usb", "settings usb", "stop usb");
        assertThat(fixture.clientEngine.calls()).isEmpty();
        assertThat(fixture.profiles.names()).isEmpty();
    }

    @Test
    void setWithoutChangesShowsTheSettings() throws IOException {
        fixture.create("usb");

        assertThat(run("set", "usb")).isZero();
        assertThat(out.toString()).contains("writeback_threshold=70\n");
    }

    @Test
    void process6ASignalCancelsAFlush() throws Exception {
        fixture.serve("usb");
        fixture.engine.flushNeverEnds = true;
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> run("flush", "usb"));
        assertThat(fixture.engine.flushBegan.await(30, TimeUnit.SECONDS)).isTrue();
        interruption.request();

        assertThat(code.get(30, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(err.toString()).contains("writeboost: cancelled; nothing is lost");
    }

    @Test
    void resolvingNeedsTheNameOfThePairTyped() throws IOException {
        fixture.create("usb");
        isTerminal = true;
        for (String answer : List.of("yes\n", "\n", "")) {
            typed = answer;
            assertThat(run("resolve", "usb", "--discard")).isEqualTo(1);
            assertThat(run("resolve", "usb", "--force")).isEqualTo(1);
        }
        assertThat(err.toString()).contains("will be gone").contains("over what was changed");
        assertThat(fixture.clientEngine.calls()).isEmpty();

        typed = "usb\n";
        assertThat(run("resolve", "usb", "--discard")).as(err::toString).isZero();
        assertThat(out.toString()).contains("usb: the cache is empty now, the disk stays as it is.");
        assertThat(run("resolve", "usb", "--force")).isZero();
        assertThat(out.toString()).contains("4 KiB intact and written; nothing lost.");
        assertThat(fixture.clientEngine.calls()).containsExactly("resolve usb DISCARD null", "resolve usb FORCE null");
    }

    @Test
    void resolvingWithNobodyToAskIsRefusedUnlessYesIsSaidButExportingChangesNothing() throws IOException {
        fixture.create("usb");
        assertThat(run("resolve", "usb", "--discard")).isEqualTo(2);
        assertThat(err.toString()).contains("say --yes if that is wanted");
        assertThat(run("resolve", "usb", "--discard", "--yes")).isZero();
        assertThat(run("resolve", "usb", "--export", folder.resolve("out").toString()))
                .isZero();
        assertThat(out.toString()).contains("copied to " + folder.resolve("out"));
        assertThat(run("resolve", "usb")).isEqualTo(2);
        assertThat(run("resolve", "usb", "--force", "--discard")).isEqualTo(2);
    }

    @Test
    void whatIsLostIsListedAndIsAFailure() throws IOException {
        fixture.create("usb");
        fixture.clientEngine.report = new RescueReport(
                1 << 20,
                4096,
                List.of(new RescueReport.Range(8192, 4096, "damaged on the cache device")),
                List.of(17L),
                List.of());
        assertThat(run("resolve", "usb", "--force", "--yes")).isEqualTo(1);
        assertThat(out.toString())
                .contains("Bytes 8192 to 12287 of the disk (4 KiB): damaged on the cache device.")
                .contains("Chunk 17 of the log is gone.")
                .contains("1 MiB intact and written, 4 KiB zeroed; 4 KiB lost.");
    }

    @Test
    void whatTheDiskDoesNotTakeStaysInTheCache() throws IOException {
        fixture.create("usb");
        fixture.clientEngine.report = new RescueReport(
                4096, 0, List.of(), List.of(), List.of(new RescueReport.Range(0, 512, "the disk refuses it")));
        assertThat(run("resolve", "usb", "--force", "--yes")).isEqualTo(1);
        assertThat(out.toString()).contains("the disk refuses it").contains("so the cache keeps it");
    }

    @Test
    void aPairThatIsServedCannotBeResolved() throws IOException {
        fixture.serve("usb");
        assertThat(run("resolve", "usb", "--discard", "--yes")).isEqualTo(1);
        assertThat(err.toString()).contains("usb is being served; `writeboost stop usb` first");
    }

    @Test
    void aPairWhoseDiskWasChangedElsewhereTellsWhatCanBeDecided() throws IOException {
        fixture.create("usb");
        fixture.clientEngine.openFailure = new EngineException(ErrorCode.CHANGED, "/slow was changed.");
        assertThat(run("serve", "usb")).isEqualTo(1);
        assertThat(err.toString()).contains("/slow was changed. `writeboost resolve usb` with --export DIR");
    }

    @Test
    void removeWithWaitingDataNeedsTheUsersWord() throws IOException {
        fixture.create("usb");
        fixture.clientEngine.dirty.put("usb", 5L);

        assertThat(run("remove", "usb")).isEqualTo(1);
        assertThat(err.toString()).contains("20 KiB still waits on the SSD").contains("--yes");
        assertThat(run("remove", "usb", "--yes")).isZero();
    }

    @Test
    void serveServesAllNamesUntilASignalAndStopsThemCleanly() throws Exception {
        fixture.create("a");
        fixture.create("b");
        CompletableFuture<Integer> code =
                CompletableFuture.supplyAsync(() -> run("serve", "a", "b", "--tcp", "127.0.0.1:1"));
        org.awaitility.Awaitility.await().until(() -> out.toString().lines().count() == 4);
        interruption.request();

        assertThat(code.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "nbd+unix:///a?socket=/run/test.sock",
                        "nbd://127.0.0.1:1/a",
                        "nbd+unix:///b?socket=/run/test.sock",
                        "nbd://127.0.0.1:1/b");
        assertThat(fixture.clientEngine.calls()).contains("stop a", "stop b");
        assertThat(err.toString()).contains("a (8 GiB): Serving. Everything is on the disk.");
    }

    @Test
    void serveEndsWhenItsPairIsStoppedFromElsewhere() throws Exception {
        fixture.create("usb");
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> run("serve", "usb"));
        org.awaitility.Awaitility.await().until(() -> out.toString().contains("nbd+unix:"));

        try (CacheService other = fixture.another()) {
            other.stop("usb");
        }

        assertThat(code.get(30, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void servingWhatAnotherProcessServesIsRefused() throws IOException {
        fixture.serve("usb");

        assertThat(run("serve", "usb")).isEqualTo(1);
        assertThat(err.toString()).contains("writeboost: usb is being served already");
        assertThat(fixture.clientEngine.calls()).isEmpty();
    }

    @Test
    void oneOfSeveralPairsThatDoesNotOpenStopsTheOthers() throws IOException {
        fixture.create("a");

        assertThat(run("serve", "a", "nobody")).isEqualTo(1);
        assertThat(fixture.clientEngine.calls()).endsWith("stop a");
    }

    @Test
    void aFailureWhileStoppingIsTheCommandsFailure() throws Exception {
        fixture.create("usb");
        fixture.clientEngine.stopFailure = new EngineException(ErrorCode.IO, "the SSD refused the last flush");
        interruption.request();

        assertThat(run("serve", "usb")).isEqualTo(1);
        assertThat(err.toString()).contains("writeboost: the SSD refused the last flush");
    }

    @Test
    void aBugIsNotShownAsAStackTrace() throws IOException {
        fixture.create("usb");
        Program broken = program(() -> {
            throw new IllegalStateException("oops");
        });

        assertThat(broken.run("list")).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("writeboost: an error in the program itself")
                .contains("writeboost.log")
                .hasLineCount(1);
    }

    private int run(String... arguments) {
        return program(() -> fixture.another()).run(arguments);
    }

    private Program program(Context.ServiceSource source) {
        Terminal terminal = new Terminal(
                new BufferedReader(new StringReader(typed)),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                isTerminal,
                false,
                false,
                100);
        Environment environment = Environment.of(Map.of(Environment.STATE_DIR, "/nowhere"), Map.of());
        return new Program(new Context(source, terminal, interruption, environment));
    }
}
