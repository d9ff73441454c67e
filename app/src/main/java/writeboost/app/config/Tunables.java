package writeboost.app.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import writeboost.engine.cache.Settings;

/**
 * Settings as text: names as in {@code writeback_threshold}, values as typed by a person or kept in a profile. The names
 * are those of the engine's {@link Settings} record, so that a tunable is declared in one place only.
 */
public final class Tunables {
    private static final RecordComponent[] COMPONENTS = Settings.class.getRecordComponents();

    private Tunables() {}

    /** All settings, in the order of their declaration. */
    public static Map<String, Object> toMap(Settings settings) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (RecordComponent component : COMPONENTS) {
            map.put(nameOf(component), value(component, settings));
        }
        return map;
    }

    /**
     * The settings with some changed.
     *
     * @param changes values by name, as typed
     * @throws IllegalArgumentException with a sentence for the user: unknown name, not a number, out of range
     */
    public static Settings change(Settings settings, Map<String, String> changes) {
        Map<String, Object> values = toMap(settings);
        changes.forEach((name, text) -> {
            RecordComponent component = component(name);
            values.put(name, parse(name, component.getType(), text.trim()));
        });
        return construct(values.values().toArray());
    }

    /**
     * Splits arguments of the form KEY=VALUE.
     *
     * @throws IllegalArgumentException if one has no equals sign, or a key comes twice
     */
    public static Map<String, String> split(Iterable<String> assignments) {
        Map<String, String> map = new LinkedHashMap<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException(
                        "\"" + assignment + "\" does not set anything; write KEY=VALUE, as in writeback_threshold=50");
            }
            if (map.put(assignment.substring(0, equals), assignment.substring(equals + 1)) != null) {
                throw new IllegalArgumentException(assignment.substring(0, equals) + " is set twice; set it once");
            }
        }
        return map;
    }

    /** All names, with commas. */
    public static String names() {
        return String.join(", ", toMap(Settings.DEFAULT).keySet());
    }

    private static RecordComponent component(String name) {
        return Arrays.stream(COMPONENTS)
                .filter(each -> nameOf(each).equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("there is no setting " + name + "; there are: " + names()));
    }

    private static String nameOf(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static Object value(RecordComponent component, Settings settings) {
        try {
            return component.getAccessor().invoke(settings);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the settings cannot be read", e);
        }
    }

    private static Object parse(String name, Class<?> type, String text) {
        try {
            if (type == int.class) {
                return Integer.valueOf(text);
            } else if (type == long.class) {
                return Long.valueOf(text);
            } else if (type == boolean.class && (text.equals("true") || text.equals("false"))) {
                return Boolean.valueOf(text);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is \"" + text + "\", but must be a whole number", e);
        }
        throw new IllegalArgumentException(name + " is \"" + text + "\", but must be of type " + type.getSimpleName());
    }

    private static Settings construct(Object[] values) {
        try {
            Class<?>[] types =
                    Arrays.stream(COMPONENTS).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<Settings> constructor = Settings.class.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException outOfRange) {
                throw outOfRange;
            }
            throw new IllegalStateException("the settings cannot be made", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the settings cannot be made", e);
        }
    }
}
