package writeboost.app.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import writeboost.engine.cache.Settings;

/**
 * Profiles as JSON. Reading is strict about what it needs and keeps the rest: a field or setting of a newer version
 * survives being saved by this one.
 */
final class ProfileJson {
    /** Raised when an older program would misread the file. */
    private static final int VERSION = 1;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ProfileJson() {}

    /** Why a text is not a profile; the message completes "the profile … ". */
    static final class Damaged extends Exception {
        private static final long serialVersionUID = 1L;

        Damaged(String what, @Nullable Throwable cause) {
            super(what, cause);
        }
    }

    /** A profile without unknown fields. */
    static ObjectNode emptySource() {
        return JsonNodeFactory.instance.objectNode();
    }

    static byte[] write(PairProfile profile) {
        ObjectNode root = profile.source().deepCopy();
        root.put("version", VERSION);
        root.put("name", profile.name());
        root.put("uuid", profile.uuid().toString());
        root.put("backing", profile.backing());
        root.put("cache", profile.cache());
        ObjectNode settings = root.withObject("/settings");
        Tunables.toMap(profile.settings()).forEach((key, value) -> settings.set(key, MAPPER.valueToTree(value)));
        try {
            return (MAPPER.writeValueAsString(root) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a profile cannot be written as JSON", e);
        }
    }

    static PairProfile read(String name, byte[] json) throws Damaged {
        ObjectNode root = parse(json);
        int version = root.path("version").asInt(0);
        if (version != VERSION) {
            throw new Damaged("has version " + version + ", and this program knows version " + VERSION, null);
        }
        if (!name.equals(text(root, "name"))) {
            throw new Damaged("says that it is of the pair \"" + text(root, "name") + "\"", null);
        }
        return new PairProfile(
                name, uuid(text(root, "uuid")), text(root, "backing"), text(root, "cache"), settings(root), root);
    }

    private static ObjectNode parse(byte[] json) throws Damaged {
        JsonNode root;
        try {
            root = MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new Damaged("is not JSON from line " + e.getLocation().getLineNr() + " on", e);
        } catch (java.io.IOException e) {
            throw new Damaged("is not text in UTF-8", e);
        }
        if (!(root instanceof ObjectNode object)) {
            throw new Damaged(json.length == 0 ? "is empty" : "is not a JSON object", null);
        }
        return object;
    }

    private static Settings settings(ObjectNode root) throws Damaged {
        Map<String, String> known = new LinkedHashMap<>();
        JsonNode node = root.path("settings");
        for (String key : Tunables.toMap(Settings.DEFAULT).keySet()) {
            if (node.has(key)) {
                known.put(key, node.get(key).asText());
            }
        }
        try {
            return Tunables.change(Settings.DEFAULT, known);
        } catch (IllegalArgumentException e) {
            throw new Damaged("has a wrong setting: " + e.getMessage(), e);
        }
    }

    private static UUID uuid(String text) throws Damaged {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new Damaged("has \"" + text + "\" as its uuid", e);
        }
    }

    private static String text(ObjectNode root, String field) throws Damaged {
        JsonNode node = root.get(field);
        if (node == null || !node.isTextual() || node.asText().isEmpty()) {
            throw new Damaged("lacks \"" + field + "\"", null);
        }
        return node.asText();
    }
}
