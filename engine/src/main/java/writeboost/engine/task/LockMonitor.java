package writeboost.engine.task;

import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A monitor of platform threads. The library's conditions allocate an object whenever a thread waits, and its locks whenever one finds
 * them taken: many thousand times a second, if requests are small. Here each thread has one object for its life; what links
 * those that wait is guarded by the lock that they have when they begin to.
 *
 * <p>Invariants: a waiter's links and {@code isQueued} change only with the lock. One that was raised belongs to whoever raised it until
 * it is awake, and wakes up only when that has given back the lock: no thread wakes up just to wait again.
 */
final class LockMonitor implements Monitor {
    /** Looks at a taken lock before going to sleep over it: what is done with ours takes less time than that. */
    private static final int SPINS = 100;

    private static final ThreadLocal<Waiter> OWN_WAITER = ThreadLocal.withInitial(Waiter::new);

    private final ReentrantLock lock = new ReentrantLock();
    private final Line raised = new Line();

    @Override
    public void lock() {
        for (int i = 0; i < SPINS; i++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lock();
    }

    @Override
    public void unlock() {
        Waiter waiter = raised.takeAll();
        lock.unlock();
        while (waiter != null) {
            Waiter next = waiter.next; // read before it is awake: then it may stand in another line
            waiter.isAwake = true;
            LockSupport.unpark(waiter.thread);
            waiter = next;
        }
    }

    @Override
    public boolean isHeld() {
        return lock.isHeldByCurrentThread();
    }

    @Override
    public Signal newSignal(String name) {
        return new LineSignal();
    }

    private void requireHeld() {
        if (!isHeld()) {
            throw new IllegalMonitorStateException("the lock is not held");
        }
    }

    /** A thread that waits; each has one. */
    private static final class Waiter {
        final Thread thread = Thread.currentThread();

        @Nullable Waiter next;

        boolean isQueued;
        volatile boolean isAwake;
    }

    /** Waiters in the order in which they came. */
    private static final class Line {
        private @Nullable Waiter first;
        private @Nullable Waiter last;

        void add(Waiter waiter) {
            waiter.next = null;
            if (last == null) {
                first = waiter;
            } else {
                last.next = waiter;
            }
            last = waiter;
        }

        @Nullable Waiter poll() {
            Waiter waiter = first;
            if (waiter != null) {
                first = waiter.next;
                last = first == null ? null : last;
            }
            return waiter;
        }

        @Nullable Waiter takeAll() {
            Waiter all = first;
            first = null;
            last = null;
            return all;
        }

        void remove(Waiter gone) {
            for (Waiter waiter = takeAll(), next; waiter != null; waiter = next) {
                next = waiter.next;
                if (waiter != gone) {
                    add(waiter);
                }
            }
        }
    }

    private final class LineSignal implements Signal {
        private final Line line = new Line();

        @Override
        public void await() {
            Waiter waiter = enqueue();
            unlock();
            boolean interrupted = false;
            while (!waiter.isAwake) {
                LockSupport.park(LockMonitor.this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            lock();
        }

        @Override
        public void await(long timeoutNs) {
            if (timeoutNs <= 0) {
                return;
            }
            Waiter waiter = enqueue();
            unlock();
            long endNs = System.nanoTime() + timeoutNs;
            long leftNs = timeoutNs;
            // An interrupt ends it early, which is allowed; its flag stays for whoever set it.
            while (!waiter.isAwake && leftNs > 0 && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(LockMonitor.this, leftNs);
                leftNs = endNs - System.nanoTime();
            }
            lock();
            if (waiter.isQueued) {
                line.remove(waiter);
                waiter.isQueued = false;
                return;
            }
            while (!waiter.isAwake) {
                LockSupport.park(LockMonitor.this); // it was raised at the last moment, and is about to be woken
            }
        }

        @Override
        public void raise() {
            requireHeld();
            for (Waiter waiter = line.poll(); waiter != null; waiter = line.poll()) {
                wake(waiter);
            }
        }

        @Override
        public void raiseOne() {
            requireHeld();
            Waiter waiter = line.poll();
            if (waiter != null) {
                wake(waiter);
            }
        }

        private void wake(Waiter waiter) {
            waiter.isQueued = false;
            raised.add(waiter);
        }

        private Waiter enqueue() {
            requireHeld();
            Waiter waiter = OWN_WAITER.get();
            waiter.isAwake = false;
            waiter.isQueued = true;
            line.add(waiter);
            return waiter;
        }
    }
}
