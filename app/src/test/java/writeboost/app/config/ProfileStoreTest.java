package writeboost.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import writeboost.engine.cache.Settings;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

class ProfileStoreTest {
    @TempDir
    private Path folder;

    private ProfileStore store;
    private Path file;

    @BeforeEach
    void setUp() {
        store = new ProfileStore(folder);
        file = folder.resolve("pairs/usb.json");
    }

    @Test
    void whatIsSavedIsLoadedByAnother() throws IOException {
        PairProfile profile = profile("usb").withSettings(changed("writeback_threshold", "42"));
        store.save(profile);

        PairProfile loaded = new ProfileStore(folder).load("usb").profile();
        assertThat(loaded.uuid()).isEqualTo(profile.uuid());
        assertThat(loaded.backing()).isEqualTo("/dev/slow");
        assertThat(loaded.cache()).isEqualTo("/dev/fast");
        assertThat(loaded.settings()).isEqualTo(profile.settings());
        assertThat(new ProfileStore(folder).load("usb").warning()).isEmpty();
    }

    @Test
    void profilesAreForTheirOwnerOnly() throws IOException {
        store.save(profile("usb"));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("pairs"))))
                .isEqualTo("rwx------");
    }

    @Test
    void fieldsAndSettingsOfANewerVersionSurviveASave() throws IOException {
        store.save(profile("usb"));
        String json = Files.readString(file);
        Files.writeString(
                file,
                json.replace("\"settings\" : {", "\"colour\" : { \"a\" : [1, 2] },\n\"settings\" : { \"warp\" : 9,"));

        PairProfile loaded = store.load("usb").profile();
        store.save(loaded.withSettings(changed("sync_data_interval", "9")));

        assertThat(Files.readString(file))
                .contains("\"colour\"")
                .contains("\"warp\" : 9")
                .contains("\"sync_data_interval\" : 9");
    }

    @Test
    void namesAreSortedAndOtherFilesAreNotPairs() throws IOException {
        assertThat(store.names()).isEmpty();
        store.save(profile("zeta"));
        store.save(profile("alpha"));
        store.save(profile("alpha"));
        Files.writeString(folder.resolve("pairs/-x.json"), "{}");
        Files.writeString(folder.resolve("pairs/notes.txt"), "mine");

        assertThat(store.names()).containsExactly("alpha", "zeta");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "not json",
                "{\"version\": 2}",
                "{\"version\": 1, \"name\": \"other\"}",
                "{\"version\": 1, \"name\": \"usb\", \"uuid\": \"x\", \"backing\": \"b\", \"cache\": \"c\"}",
                "{\"version\": 1, \"name\": \"usb\", \"uuid\": \"00000000-0000-0000-0000-000000000001\","
                        + " \"backing\": 5, \"cache\": \"c\"}",
                "{\"version\": 1, \"name\": \"usb\", \"uuid\": \"00000000-0000-0000-0000-000000000001\","
                        + " \"backing\": \"b\", \"cache\": \"c\", \"settings\": {\"writeback_threshold\": 101}}"
            })
    void process7OfADamagedProfileTheOneBeforeItIsUsedAndTheUserIsTold(String damage) throws IOException {
        store.save(profile("usb").withSettings(changed("writeback_threshold", "1")));
        store.save(profile("usb").withSettings(changed("writeback_threshold", "2")));
        Files.writeString(file, damage);

        ProfileStore.Loaded loaded = store.load("usb");

        assertThat(loaded.profile().settings().writebackThreshold()).isEqualTo(1);
        assertThat(loaded.warning())
                .hasValueSatisfying(
                        warning -> assertThat(warning).contains(file.toString()).contains("usb.json.bak"));
    }

    @Test
    void aDamagedProfileWithoutOneBeforeItIsRefused() throws IOException {
        store.save(profile("usb"));
        Files.writeString(file, "{\n  \"version\": 1,\n");

        assertRefused(ErrorCode.DAMAGED, "is not JSON from line", () -> store.load("usb"));
        assertThat(store.names()).containsExactly("usb");
    }

    @Test
    void process7SavingOverADamagedProfileKeepsTheGoodOneBeforeIt() throws IOException {
        store.save(profile("usb").withSettings(changed("writeback_threshold", "1")));
        store.save(profile("usb").withSettings(changed("writeback_threshold", "2")));
        Files.writeString(file, "damage");

        store.save(store.load("usb").profile().withSettings(changed("writeback_threshold", "3")));

        assertThat(store.load("usb").profile().settings().writebackThreshold()).isEqualTo(3);
        Files.writeString(file, "damage again");
        assertThat(store.load("usb").profile().settings().writebackThreshold()).isEqualTo(1);
    }

    @Test
    void aHugeFileIsNotReadAsAProfile() throws IOException {
        store.save(profile("usb"));
        try (var channel = Files.newByteChannel(file, java.nio.file.StandardOpenOption.WRITE)) {
            channel.position(2 << 20).write(java.nio.ByteBuffer.wrap(new byte[] {'}'}));
        }

        assertRefused(ErrorCode.DAMAGED, "larger than any profile", () -> store.load("usb"));
    }

    @Test
    void process7AFullDiskLeavesTheOldProfileAndNoRubbish() throws IOException {
        store.save(profile("usb").withSettings(changed("writeback_threshold", "1")));
        ProfileStore full = new ProfileStore(folder, new DurableFiles() {
            @Override
            void writeDurably(Path path, byte[] content) throws IOException {
                Files.write(path, java.util.Arrays.copyOf(content, content.length / 2));
                throw new IOException("No space left on device");
            }
        });

        assertRefused(
                ErrorCode.NO_SPACE,
                "it is as it was before",
                () -> full.save(profile("usb").withSettings(changed("writeback_threshold", "2"))));

        assertThat(store.load("usb").profile().settings().writebackThreshold()).isEqualTo(1);
        try (var files = Files.list(folder.resolve("pairs"))) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void process7AFailureBetweenBackupAndProfileLeavesTheOldProfile() throws IOException {
        store.save(profile("usb").withSettings(changed("writeback_threshold", "1")));
        ProfileStore failing = new ProfileStore(folder, new DurableFiles() {
            @Override
            void replace(Path path, byte[] content) throws IOException {
                if (!path.toString().endsWith(".bak")) {
                    throw new IOException("Input/output error");
                }
                super.replace(path, content);
            }
        });

        assertRefused(
                ErrorCode.IO,
                "Input/output error",
                () -> failing.save(profile("usb").withSettings(changed("writeback_threshold", "2"))));
        assertThat(store.load("usb").profile().settings().writebackThreshold()).isEqualTo(1);
    }

    @Test
    void aRemovedPairIsGoneWithTheOneBeforeIt() throws IOException {
        store.save(profile("usb"));
        store.save(profile("usb"));

        store.remove("usb");

        assertThat(store.names()).isEmpty();
        try (var files = Files.list(folder.resolve("pairs"))) {
            assertThat(files).isEmpty();
        }
        assertRefused(ErrorCode.NOT_FOUND, "no pair \"usb\"", () -> store.remove("usb"));
    }

    @Test
    void aNameThatIsNoneNamesTheOthers() throws IOException {
        assertRefused(ErrorCode.NOT_FOUND, "there is none yet", () -> store.load("usb"));
        store.save(profile("alpha"));
        assertRefused(ErrorCode.NOT_FOUND, "there are: alpha", () -> store.load("../pairs/alpha"));
    }

    private static Settings changed(String key, String value) {
        return Tunables.change(Settings.DEFAULT, Map.of(key, value));
    }

    private static PairProfile profile(String name) {
        return ProfileStore.newProfile(name, "/dev/slow", "/dev/fast", Settings.DEFAULT);
    }

    private static void assertRefused(ErrorCode code, String words, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(words)
                .extracting(failure -> ((EngineException) failure).code())
                .isEqualTo(code);
    }
}
