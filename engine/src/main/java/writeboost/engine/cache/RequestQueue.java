package writeboost.engine.cache;

import org.jspecify.annotations.Nullable;
import writeboost.engine.disk.DiskRequest;

/** A queue of requests, linked through themselves. Whoever owns it guards it with a lock. */
final class RequestQueue {
    private @Nullable DiskRequest first;
    private @Nullable DiskRequest last;
    private int size;

    boolean isEmpty() {
        return first == null;
    }

    int size() {
        return size;
    }

    @Nullable DiskRequest peek() {
        return first;
    }

    void add(DiskRequest r) {
        r.next = null;
        if (last == null) {
            first = r;
        } else {
            last.next = r;
        }
        last = r;
        size++;
    }

    void addFirst(DiskRequest r) {
        r.next = first;
        first = r;
        if (last == null) {
            last = r;
        }
        size++;
    }

    @Nullable DiskRequest poll() {
        DiskRequest r = first;
        if (r != null) {
            first = r.next;
            r.next = null;
            if (first == null) {
                last = null;
            }
            size--;
        }
        return r;
    }
}
