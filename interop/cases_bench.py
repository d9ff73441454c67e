"""The benchmarks run, beside every peer, and say what they left out. What the figures are is not judged here."""

import json
import os
import signal
import subprocess
import time

from harness import case, check, run, same

# One row of each kind, so that every peer and every way to measure takes part.
ROWS = ["random-write", "random-read-ssd", "cold-read", "slow-fsync", "slow-untar"]
QUICK = ["--rounds", "1", "--seconds", "1", "--size", "512M"]


def begin(place):
    temp = place.folder / "tmp"
    temp.mkdir()
    place.env["JAVA_TOOL_OPTIONS"] = "-Djava.io.tmpdir=%s" % temp
    return temp


def nothing_left(temp):
    left = [name for name in os.listdir(temp) if not name.startswith(("hsperfdata", "jffi"))]
    check(not left, "left behind: %s" % left)
    alive = run("pgrep", "-a", "-f", str(temp), expect=(0, 1)).out.splitlines()
    check(not alive, "still running: %s" % alive)


@case("a short bench beside all peers measures every row that it was asked for and leaves nothing behind", seconds=100)
def bench(place):
    temp = begin(place)
    files = {kind: place.file("bench." + kind) for kind in ("json", "html", "markdown")}
    outputs = [word for kind, path in files.items() for word in ("--" + kind, path)]
    said = place.writeboost("bench", "--peers", "--only", ",".join(ROWS), *QUICK, *outputs, timeout=900)
    result = json.loads(files["json"].read_text())
    same("rows", [row["name"] for row in result["rows"]], ROWS)
    for row in result["rows"]:
        same("error of " + row["name"], row["error"], None)
        same("what %s left out" % row["name"], row["left_out"], [])
        check(row["figures"], "%s has no figure" % row["name"])
        for figure in row["figures"]:
            check(figure["median"] > 0 and len(figure["values"]) == 1, "no value: %r" % figure)
            check(all(series["median"] > 0 for series in figure["series"]), "no plain value: %r" % figure)
    check("bars met" in said.out, "no table: %s" % said.out)
    check("<svg" in files["html"].read_text(), "no plot in the page")
    check("| median |" in files["markdown"].read_text(), "no table in the Markdown")
    nothing_left(temp)


@case("Ctrl-C ends a bench, its servers and its clients, and leaves nothing behind")
def interrupted_bench(place):
    temp = begin(place)
    process = subprocess.Popen(
        [place.program, "bench", "--peers", "--only", "slow-untar", "--size", "512M"],
        env=place.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # as a shell gives each job a group of its own, to which Ctrl-C goes
    )
    deadline = time.monotonic() + 120
    while str(temp) not in open("/proc/mounts").read():
        check(process.poll() is None, "it ended by itself")
        check(time.monotonic() < deadline, "it mounted nothing")
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    out = process.communicate(timeout=120)[0].decode()
    same("exit status", process.returncode, 1)
    check("Ended early" in out, out)
    check(str(temp) not in open("/proc/mounts").read(), "still mounted")
    nothing_left(temp)
