package writeboost.engine.task;

/** A condition on top of another, for tests that change how it is waited for. */
public class ForwardingSignal implements Monitor.Signal {
    private final Monitor.Signal inner;

    public ForwardingSignal(Monitor.Signal inner) {
        this.inner = inner;
    }

    @Override
    public void await() {
        inner.await();
    }

    @Override
    public void await(long timeoutNs) {
        inner.await(timeoutNs);
    }

    @Override
    public void raise() {
        inner.raise();
    }

    @Override
    public void raiseOne() {
        inner.raiseOne();
    }
}
