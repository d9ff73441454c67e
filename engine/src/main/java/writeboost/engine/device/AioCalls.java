package writeboost.engine.device;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The numbers of the system calls for asynchronous I/O: the C library has no functions for them, and they differ by architecture. */
record AioCalls(long setup, long destroy, long submit, long getEvents) {
    /** Those of this machine; null if we do not know them. */
    static @Nullable AioCalls ofThisMachine() {
        return of(System.getProperty("os.arch", ""));
    }

    static @Nullable AioCalls of(String architecture) {
        return switch (architecture.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> new AioCalls(206, 207, 209, 208);
            case "aarch64", "riscv64" -> new AioCalls(0, 1, 2, 4); // include/uapi/asm-generic/unistd.h
            default -> null;
        };
    }
}
