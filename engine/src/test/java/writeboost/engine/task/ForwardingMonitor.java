package writeboost.engine.task;

/** A lock on top of another, for tests that change how it is taken or waited for. */
public class ForwardingMonitor implements Monitor {
    private final Monitor inner;

    public ForwardingMonitor(Monitor inner) {
        this.inner = inner;
    }

    @Override
    public void lock() {
        inner.lock();
    }

    @Override
    public void unlock() {
        inner.unlock();
    }

    @Override
    public boolean isHeld() {
        return inner.isHeld();
    }

    @Override
    public Signal newSignal(String name) {
        return inner.newSignal(name);
    }
}
