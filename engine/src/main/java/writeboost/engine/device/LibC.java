package writeboost.engine.device;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Platform;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/**
 * The system calls that Java has no words for, and nothing else. Every call returns what the system call returns or, if
 * it failed, minus the error number, as the kernel does: so that a test can stand in for the kernel.
 */
interface LibC {
    int O_RDONLY = 0;
    int O_RDWR = 2;
    int O_EXCL = 0x80;
    int O_CLOEXEC = 0x80000;

    int MADV_DONTNEED = 4;
    int MADV_HUGEPAGE = 14;

    int FALLOC_KEEP_SIZE = 1;
    int FALLOC_PUNCH_HOLE = 2;
    int FALLOC_ZERO_RANGE = 0x10;

    long BLKROGET = 0x125E;
    long BLKSSZGET = 0x1268;
    long BLKDISCARD = 0x1277;
    long BLKZEROOUT = 0x127F;
    long BLKGETSIZE64 = 0x80081272L;

    int open(String path, int flags, int mode);

    int close(int fd);

    long pread(int fd, long address, long lengthBytes, long offsetBytes);

    long pwrite(int fd, long address, long lengthBytes, long offsetBytes);

    int fdatasync(int fd);

    int fallocate(int fd, int mode, long offsetBytes, long lengthBytes);

    /** Tells the kernel how memory will be used; the address is a multiple of the page size. */
    int madvise(long address, long lengthBytes, int advice);

    /** An ioctl whose argument is an array of 64-bit numbers; the kernel may write into it. */
    int ioctl(int fd, long request, long[] argument);

    /** Takes all status flags back, O_DIRECT among them. */
    int clearFlags(int fd);

    /**
     * Makes a context for asynchronous I/O, io_setup(2).
     *
     * @param requests that may be under way in it at a time
     * @param resultAddress where its number, 8 bytes, goes; must hold 0
     */
    int ioSetup(int requests, long resultAddress);

    /** Ends a context, when all that is under way in it has ended, io_destroy(2). */
    int ioDestroy(long context);

    /**
     * Begins requests, io_submit(2).
     *
     * @param pointersAddress an array of addresses of struct iocb
     * @return how many, from the first one on
     */
    int ioSubmit(long context, int requests, long pointersAddress);

    /**
     * Waits until that many requests have ended, io_getevents(2).
     *
     * @param eventsAddress an array of struct io_event
     * @return how many are told of
     */
    int ioGetEvents(long context, int requests, long eventsAddress);

    /** What a clock of the kernel shows, in nanoseconds. */
    long clockNs(int clock);

    /** Takes an exclusive open-file-description lock on the whole file; at once or not at all. */
    int lock(int fd);

    /** Whether another opening holds a lock: 1 or 0. */
    int isLocked(int fd);

    /** The words for an error number. */
    String message(int errno);

    /** The flag that bypasses the page cache: 0 where we do not know it. It differs between architectures. */
    static int directFlag() {
        return switch (System.getProperty("os.arch", "").toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64", "riscv64" -> 0x4000;
            case "aarch64" -> 0x10000;
            default -> 0;
        };
    }

    /** The address of a direct buffer's first byte, whatever its position. */
    static long address(ByteBuffer buffer) {
        return MemoryIO.getInstance().getDirectBufferAddress(buffer);
    }

    /** The real one; null where it cannot be used: no native access, not a 64-bit Linux. */
    static @Nullable LibC load() {
        return Jnr.INSTANCE;
    }

    /** The functions as jnr-ffi binds them. Addresses and off_t are C longs: 64 bits on all that {@link #load} takes. */
    interface Symbols {
        int open(String path, int flags, int mode);

        int close(int fd);

        long pread(int fd, long address, long count, long offset);

        long pwrite(int fd, long address, long count, long offset);

        int fdatasync(int fd);

        int fallocate(int fd, int mode, long offset, long length);

        int madvise(long address, long length, int advice);

        int ioctl(int fd, long request, long[] argument);

        int fcntl(int fd, int command, byte[] flock);

        int fcntl(int fd, int command, long argument);

        int clock_gettime(int clock, long[] timespec);

        long syscall(long number, long first, long second, long third, long fourth, long fifth);

        String strerror(int errno);
    }

    /** The real one. */
    final class Jnr implements LibC {
        private static final int F_SETFL = 4;
        private static final int F_OFD_GETLK = 36;
        private static final int F_OFD_SETLK = 37;
        private static final short F_WRLCK = 1;
        private static final short F_UNLCK = 2;
        private static final int FLOCK_BYTES = 32;

        static final @Nullable LibC INSTANCE = tryLoad();

        private final Symbols symbols;
        private final Runtime runtime;
        private final @Nullable AioCalls aio = AioCalls.ofThisMachine();

        private Jnr(Symbols symbols) {
            this.symbols = symbols;
            this.runtime = Runtime.getRuntime(symbols);
        }

        private static @Nullable LibC tryLoad() {
            try {
                Platform platform = Platform.getNativePlatform();
                if (platform.getOS() != Platform.OS.LINUX
                        || Runtime.getSystemRuntime().addressSize() != Long.BYTES) {
                    return null;
                }
                return new Jnr(
                        LibraryLoader.create(Symbols.class).failImmediately().load(platform.getStandardCLibraryName()));
            } catch (RuntimeException | LinkageError e) {
                return null; // native access is refused or the library is missing: NIO serves instead
            }
        }

        private int result(int returned) {
            return returned == -1 ? -runtime.getLastError() : returned;
        }

        private long result(long returned) {
            return returned == -1 ? -runtime.getLastError() : returned;
        }

        @Override
        public int open(String path, int flags, int mode) {
            return result(symbols.open(path, flags | O_CLOEXEC, mode));
        }

        @Override
        public int close(int fd) {
            return result(symbols.close(fd));
        }

        @Override
        public long pread(int fd, long address, long lengthBytes, long offsetBytes) {
            return result(symbols.pread(fd, address, lengthBytes, offsetBytes));
        }

        @Override
        public long pwrite(int fd, long address, long lengthBytes, long offsetBytes) {
            return result(symbols.pwrite(fd, address, lengthBytes, offsetBytes));
        }

        @Override
        public int fdatasync(int fd) {
            return result(symbols.fdatasync(fd));
        }

        @Override
        public int fallocate(int fd, int mode, long offsetBytes, long lengthBytes) {
            return result(symbols.fallocate(fd, mode, offsetBytes, lengthBytes));
        }

        @Override
        public int madvise(long address, long lengthBytes, int advice) {
            return result(symbols.madvise(address, lengthBytes, advice));
        }

        @Override
        public int ioctl(int fd, long request, long[] argument) {
            return result(symbols.ioctl(fd, request, argument));
        }

        @Override
        public int clearFlags(int fd) {
            return result(symbols.fcntl(fd, F_SETFL, 0L));
        }

        @Override
        public int ioSetup(int requests, long resultAddress) {
            return aio == null ? -Errno.ENOSYS : call(aio.setup(), requests, resultAddress, 0, 0);
        }

        @Override
        public int ioDestroy(long context) {
            return aio == null ? -Errno.ENOSYS : call(aio.destroy(), context, 0, 0, 0);
        }

        @Override
        public int ioSubmit(long context, int requests, long pointersAddress) {
            return aio == null ? -Errno.ENOSYS : call(aio.submit(), context, requests, pointersAddress, 0);
        }

        @Override
        public int ioGetEvents(long context, int requests, long eventsAddress) {
            return aio == null ? -Errno.ENOSYS : call(aio.getEvents(), context, requests, requests, eventsAddress);
        }

        private int call(long number, long first, long second, long third, long fourth) {
            return (int) result(symbols.syscall(number, first, second, third, fourth, 0));
        }

        @Override
        public long clockNs(int clock) {
            long[] timespec = new long[2]; // seconds, nanoseconds
            int returned = result(symbols.clock_gettime(clock, timespec));
            return returned < 0 ? returned : timespec[0] * 1_000_000_000L + timespec[1];
        }

        @Override
        public int lock(int fd) {
            return result(symbols.fcntl(fd, F_OFD_SETLK, writeLock()));
        }

        @Override
        public int isLocked(int fd) {
            byte[] flock = writeLock();
            int result = result(symbols.fcntl(fd, F_OFD_GETLK, flock));
            short type = ByteBuffer.wrap(flock).order(ByteOrder.nativeOrder()).getShort(0);
            return result < 0 ? result : type == F_UNLCK ? 0 : 1;
        }

        /** A struct flock for the whole file: type, whence, start and length 0, pid 0 as OFD locks demand. */
        private static byte[] writeLock() {
            byte[] flock = new byte[FLOCK_BYTES];
            ByteBuffer.wrap(flock).order(ByteOrder.nativeOrder()).putShort(0, F_WRLCK);
            return flock;
        }

        @Override
        public String message(int errno) {
            return symbols.strerror(errno) + " (errno " + errno + ")";
        }
    }
}
