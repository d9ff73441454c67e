"""Several cases at a time, each in a process of its own, whose output stays together."""

import collections
import json
import os
import sys
import tempfile
import traceback


class Started:
    """A case at work in a process of its own."""

    def __init__(self, it, run_one):
        self.case = it
        self.said, self.result = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            self._run(run_one)

    def _run(self, run_one):
        """In the process itself, which ends with it."""
        status = 1
        try:
            for stream in (1, 2):
                os.dup2(self.said.fileno(), stream)
            self.result.write(json.dumps(run_one(self.case)).encode())
            self.result.flush()
            status = 0
        except BaseException:  # noqa: B902  (Ctrl-C too: what it began is ended, and nothing else happens in this process)
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def ended(self, status):
        """Prints what it said; how many passed and failed."""
        self.said.seek(0)
        sys.stdout.write(self.said.read().decode(errors="replace"))
        self.result.seek(0)
        result = self.result.read()
        self.said.close(), self.result.close()
        if status == 0 and result:
            passed, failed = json.loads(result)
        else:
            passed, failed = 0, 1
            print("FAIL  %s: it ended early (%d)" % (self.case.title, os.waitstatus_to_exitcode(status)))
        sys.stdout.flush()
        return passed, failed


def run_beside_each_other(cases, jobs, run_one):
    """Runs as many at a time, those that take long first. Returns how many passed and failed."""
    waiting = collections.deque(sorted(cases, key=lambda each: -each.seconds))
    running = {}
    passed = failed = 0
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                started = Started(waiting.popleft(), run_one)
                running[started.pid] = started
            pid, status = os.wait()
            good, bad = running.pop(pid).ended(status)
            passed, failed = passed + good, failed + bad
    finally:
        for started in running.values():  # Ctrl-C came to them as well
            started.ended(os.waitpid(started.pid, 0)[1])
    return passed, failed
