package writeboost.engine.nbd;

import java.util.concurrent.atomic.LongAdder;

/** What a server counts; added to by every connection, once per batch of requests. */
final class ServerCounters {
    private final LongAdder clientsTotal = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder requests = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();

    void client() {
        clientsTotal.increment();
    }

    void refusal() {
        refused.increment();
    }

    void error() {
        errors.increment();
    }

    void batch(long requestCount, long readBytes, long writtenBytes) {
        requests.add(requestCount);
        if (readBytes > 0) {
            bytesRead.add(readBytes);
        }
        if (writtenBytes > 0) {
            bytesWritten.add(writtenBytes);
        }
    }

    NbdStatistics snapshot(int clients) {
        return new NbdStatistics(
                clients,
                clientsTotal.sum(),
                refused.sum(),
                requests.sum(),
                errors.sum(),
                bytesRead.sum(),
                bytesWritten.sum());
    }
}
