"""The conformance suite, every level, slow cases and crashes included."""

import re
import shlex
import subprocess
import sys

from harness import ROOT, Failed, Tally, case, check, figures

SUITE = ROOT / "engine/src/test/conformance/nbd_conformance.py"

#: Cases that cannot apply: they need a feature that is not advertised, or an export that is read-only.
NOT_APPLICABLE = {"T27", "T38"}

#: Kills the server and starts it again, as the suite asks for it.
CRASH = """#!/bin/sh
kill -9 "$(cat {pid})"
while readlink "/proc/$(cat {pid})/exe" >/dev/null; do sleep 0.05; done  # gone, or waiting to be reaped
setsid {program} serve {name} >/dev/null 2>>{errors} </dev/null &
echo $! >{pid}
"""


@case("the NBD conformance suite, all levels, slow cases, crashes", seconds=30)
def conformance(place):
    pair = place.pair(size_mib=256, cache="128M").serve()
    pid, crash = place.folder / "pid", place.folder / "crash"
    pid.write_text("%d\n" % pair.process.pid)
    names = {"pid": pid, "program": place.program, "name": pair.name, "errors": place.folder / "crash.stderr"}
    crash.write_text(CRASH.format(**{k: shlex.quote(str(v)) for k, v in names.items()}))
    crash.chmod(0o755)
    command = ["/usr/bin/python3", SUITE, "--uri", pair.uri, "--slow", "--crash-cmd", crash, "--pid", pid]
    suite = subprocess.Popen(
        [str(word) for word in command],
        env=place.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    closing, skipped = None, []
    for line in suite.stdout:
        sys.stdout.write("      " + line)
        sys.stdout.flush()
        closing = re.match(r"(\d+) passed, (\d+) failed, (\d+) skipped", line) or closing
        skipped += re.findall(r"^n/a +(\w+)", line)
    status = suite.wait(60)
    subprocess.run(["kill", "-9", pid.read_text().strip()], check=False, stderr=subprocess.DEVNULL)
    check(closing is not None, "the suite ended early, exit status %d" % status)
    quietly = sorted(set(skipped) - NOT_APPLICABLE)
    passed, failed = int(closing[1]), int(closing[2]) + len(quietly)
    if failed:
        print("FAIL  %d cases of the suite; left out without need: %s" % (failed, ", ".join(quietly) or "none"))
    figures("conformance", "cases of the conformance suite passed: %d (at least 1)" % passed, "failed: %d (0)" % failed)
    return Tally(passed, failed)
