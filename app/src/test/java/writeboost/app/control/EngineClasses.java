package writeboost.app.control;

import writeboost.app.cli.Terminal;

/** Classes that the rules of the architecture name. */
public final class EngineClasses {
    /** The only one that opens devices. */
    public static final Class<?> DEVICES = DeviceAccess.class;
    /** The only one that opens caches of users. */
    public static final Class<?> HOST = EngineHost.class;
    /** The only one that knows stdout and stderr. */
    public static final Class<?> TERMINAL = Terminal.class;

    private EngineClasses() {}
}
