package writeboost.app.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import writeboost.engine.cache.Settings;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;

/**
 * The profiles of all pairs: one file {@code pairs/NAME.json} each in the config folder.
 *
 * <p>A save leaves the old or the new profile, whatever happens, and keeps the one before as {@code NAME.json.bak}. A
 * damaged profile is never overwritten by a guess: the one before is used and the user is told; if there is none, the
 * pair cannot be used until the file is mended. The data on the devices does not depend on any of this.
 *
 * <p>Any thread may call; of two processes that save the same profile at once, the later wins.
 */
public final class ProfileStore {
    private static final String SUFFIX = ".json";
    private static final String BACKUP = ".bak";
    /** A profile has some hundred bytes; more than this is not a profile. */
    private static final long MAX_BYTES = 1 << 20;

    private final Path folder;
    private final DurableFiles files;

    /** Uses the subfolder {@code pairs} of the config folder; it is created with the first save. */
    public ProfileStore(Path configFolder) {
        this(configFolder, new DurableFiles());
    }

    ProfileStore(Path configFolder, DurableFiles files) {
        this.folder = configFolder.resolve("pairs");
        this.files = files;
    }

    /**
     * A profile as it was found.
     *
     * @param warning a sentence for the user if the profile is damaged and the one before it was taken
     */
    public record Loaded(PairProfile profile, Optional<String> warning) {}

    /** A profile that has not been saved yet, with a fresh UUID. */
    public static PairProfile newProfile(String name, String backing, String cache, Settings settings) {
        return new PairProfile(
                PairName.check(name), UUID.randomUUID(), backing, cache, settings, ProfileJson.emptySource());
    }

    /** The names of all pairs, sorted; those with a damaged profile too. */
    public synchronized List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path entry : entries) {
                String file = entry.getFileName().toString();
                String name = file.substring(0, file.length() - SUFFIX.length());
                if (PairName.isValid(name)) {
                    names.add(name);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (NotDirectoryException e) {
            throw new EngineException(
                    ErrorCode.STATE, folder + " should be a folder of profiles, but is a file; move it away", e);
        }
        Collections.sort(names);
        return names;
    }

    /** Whether there is a profile of that name. */
    public boolean exists(String name) {
        return PairName.isValid(name) && Files.exists(fileOf(name));
    }

    /**
     * Reads a profile.
     *
     * @throws EngineException NOT_FOUND if there is none of that name; DAMAGED if neither it nor the one before it can
     *     be read
     */
    public synchronized Loaded load(String name) throws IOException {
        if (!exists(name)) {
            throw notFound(name);
        }
        Path file = fileOf(name);
        try {
            return new Loaded(ProfileJson.read(name, bytes(file)), Optional.empty());
        } catch (ProfileJson.Damaged e) {
            return new Loaded(
                    loadBackup(name, e),
                    Optional.of("The profile " + file + " " + e.getMessage() + "; the one before it is used ("
                            + backupOf(file) + "). Copy that one over it, or mend it."));
        }
    }

    /**
     * Saves a profile durably.
     *
     * @throws EngineException NO_SPACE or IO; the profile is then as it was before
     */
    public synchronized void save(PairProfile profile) throws IOException {
        Path file = fileOf(PairName.check(profile.name()));
        try {
            files.createFolder(folder);
            keepBackup(profile.name(), file);
            files.replace(file, ProfileJson.write(profile));
        } catch (IOException e) {
            throw new EngineException(
                    isNoSpace(e) ? ErrorCode.NO_SPACE : ErrorCode.IO,
                    "the profile " + file + " could not be saved (" + reason(e) + "); it is as it was before",
                    e);
        }
    }

    /**
     * Removes a profile and the one before it.
     *
     * @throws EngineException NOT_FOUND if there is none of that name
     */
    public synchronized void remove(String name) throws IOException {
        if (!exists(name)) {
            throw notFound(name);
        }
        // the backup first: a crash in between must not leave it to stand in for a removed profile
        files.delete(backupOf(fileOf(name)));
        files.delete(fileOf(name));
    }

    private PairProfile loadBackup(String name, ProfileJson.Damaged damage) throws IOException {
        Path file = fileOf(name);
        try {
            return ProfileJson.read(name, bytes(backupOf(file)));
        } catch (NoSuchFileException | ProfileJson.Damaged e) {
            EngineException failure = new EngineException(
                    ErrorCode.DAMAGED,
                    "the profile " + file + " " + damage.getMessage() + ", and there is none before it to use; mend the"
                            + " file, or remove it and write it anew (the data on the devices is not concerned)",
                    damage);
            failure.addSuppressed(e);
            throw failure;
        }
    }

    /** Keeps the profile that is about to be replaced, unless it is damaged: the good one before it stays then. */
    private void keepBackup(String name, Path file) throws IOException {
        try {
            byte[] old = bytes(file);
            ProfileJson.read(name, old);
            files.replace(backupOf(file), old);
        } catch (NoSuchFileException | ProfileJson.Damaged e) {
            // nothing good to keep
        }
    }

    private static byte[] bytes(Path file) throws IOException, ProfileJson.Damaged {
        if (Files.size(file) > MAX_BYTES) {
            throw new ProfileJson.Damaged("is larger than any profile", null);
        }
        return Files.readAllBytes(file);
    }

    private EngineException notFound(String name) throws IOException {
        List<String> names = names();
        String others = names.isEmpty()
                ? "there is none yet; `writeboost create` makes one"
                : "there are: " + String.join(", ", names);
        return new EngineException(ErrorCode.NOT_FOUND, "there is no pair \"" + name + "\"; " + others);
    }

    private Path fileOf(String name) {
        return folder.resolve(name + SUFFIX);
    }

    private static Path backupOf(Path file) {
        return file.resolveSibling(file.getFileName() + BACKUP);
    }

    private static boolean isNoSpace(IOException e) {
        return String.valueOf(e.getMessage()).contains("No space left")
                || String.valueOf(e.getMessage()).contains("quota");
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
