package writeboost.engine.task;

/** Tasks on top of others: everything goes there unless overridden. */
public abstract class ForwardingTasks implements Tasks {
    private final Tasks inner;

    protected ForwardingTasks(Tasks inner) {
        this.inner = inner;
    }

    @Override
    public long nanoTime() {
        return inner.nanoTime();
    }

    @Override
    public long wallTimeMs() {
        return inner.wallTimeMs();
    }

    @Override
    public long suspendedNs() {
        return inner.suspendedNs();
    }

    @Override
    public Monitor newMonitor(String name) {
        return inner.newMonitor(name);
    }

    @Override
    public Task start(String name, Runnable body) {
        return inner.start(name, body);
    }

    @Override
    public void sleep(long durationNs) {
        inner.sleep(durationNs);
    }

    @Override
    public void sleepExactly(long durationNs) {
        inner.sleepExactly(durationNs);
    }
}
