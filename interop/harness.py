"""What the cases share: a folder of their own, the program, and the tools that are run against it."""

import hashlib
import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from jobs import run_beside_each_other

ROOT = pathlib.Path(__file__).resolve().parent.parent
MIB = 1 << 20
BLOCK = 4096

CASES = []


class Failed(Exception):
    """The program did the wrong thing."""


class Tally:
    """Results of a case that runs a suite of its own."""

    def __init__(self, passed, failed):
        self.passed, self.failed = passed, failed


class Case:
    """What is run, and how long that takes, about; those that must be alone never run beside another one."""

    def __init__(self, title, function, seconds, alone):
        self.title, self.function, self.seconds, self.alone = title, function, seconds, alone


def case(title, seconds=10, alone=False):
    """Registers a case. Its function takes a Place; it passes unless it raises."""

    def register(function):
        CASES.append(Case(title, function, seconds, alone))
        return function

    return register


def check(condition, why):
    if not condition:
        raise Failed(why)


def same(what, is_, should_be):
    check(is_ == should_be, "%s is %r, but should be %r" % (what, is_, should_be))


def tail(text, lines=12):
    return "\n      ".join(text.strip().splitlines()[-lines:])


class Result:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    @property
    def all(self):
        return self.out + self.err


def run(*command, expect=(0,), timeout=300, **more):
    """Runs a program to its end; its exit status must be one of `expect`."""
    command = [str(word) for word in command]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout, **more
    )
    result = Result(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))
    check(
        done.returncode in expect,
        "%s: exit status %d\n      %s" % (shlex.join(command), done.returncode, tail(result.all)),
    )
    return result


def need(*tools):
    """A missing tool is a failure, never a reason to leave something out."""
    missing = [tool for tool in tools if not shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin:/sbin")]
    if missing:
        raise SystemExit("interop: not installed: %s (the packages are named in README.md)" % ", ".join(missing))


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digests(folder):
    """Of every file below a folder: what was there and what was in it."""
    return {str(p): digest(p) for p in sorted(pathlib.Path(folder).rglob("*")) if p.is_file() and not p.is_symlink()}


def random_file(path, size_bytes, seed):
    """A file of reproducible noise: what is not overwritten is seen to be kept."""
    noise = hashlib.shake_128(str(seed).encode()).digest(MIB)
    with open(path, "wb") as file:
        for at in range(0, size_bytes, MIB):
            piece = at.to_bytes(8, "little") + noise[8:]
            file.write(piece[: min(MIB, size_bytes - at)])
    return path


def equal(what, a, b):
    """Two files have the same bytes."""
    result = run("cmp", a, b, expect=(0, 1))
    check(result.status == 0, "%s: %s" % (what, result.all.strip()))


class Place:
    """A folder for one case, in which the program keeps everything, profiles and sockets included."""

    def __init__(self, program, work):
        self.program = str(program)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="wb-", dir=work))
        self.home = self.folder / "home"
        self.files = self.folder / "files"
        self.files.mkdir()
        self.env = dict(os.environ)
        for name in ("CONFIG", "STATE", "RUNTIME"):
            folder = self.home / name.lower()
            folder.mkdir(parents=True, mode=0o700)
            self.env["XDG_%s_%s" % (name, "DIR" if name == "RUNTIME" else "HOME")] = str(folder)
        self.serving = []

    def writeboost(self, *arguments, **more):
        """Runs the command line."""
        return run(self.program, *arguments, env=self.env, **more)

    def file(self, name):
        return self.files / name

    def pair(self, name="disk", size_mib=64, cache="256M", settings=(), seed=1):
        """Makes a pair whose disk is full of noise, not yet served."""
        backing = random_file(self.file(name + ".img"), size_mib * MIB, seed)
        arguments = ["--backing", backing, "--cache", self.file(name + ".cache"), "--cache-size", cache]
        for setting in settings:
            arguments += ["--set", setting]
        self.writeboost("create", name, *arguments)
        return Pair(self, name)

    def close(self):
        for pair in list(self.serving):
            pair.kill()

    def delete(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self):
        log = self.home / "state" / "writeboost" / "writeboost.log"
        return log.read_text(errors="replace") if log.exists() else ""


class Pair:
    """A pair and, while it is served, the process that serves it."""

    def __init__(self, place, name):
        self.place, self.name = place, name
        self.backing, self.cache = place.file(name + ".img"), place.file(name + ".cache")
        self.process = None
        self.uri = None

    def begin_to_serve(self, *more):
        """Starts the server, which may not serve yet."""
        errors = open(self.place.folder / (self.name + ".stderr"), "ab")
        with errors:
            self.process = subprocess.Popen(
                [self.place.program, "serve", self.name, *more],
                env=self.place.env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.place.serving.append(self)

    def serve(self, *more):
        self.begin_to_serve(*more)
        line = self.process.stdout.readline().strip()
        if not line.startswith("nbd"):
            status = self.process.wait(30)
            said = (self.place.folder / (self.name + ".stderr")).read_text()
            raise Failed("serve printed no URI (%r), exit status %s\n      %s" % (line, status, tail(said)))
        self.uri = line
        return self

    def kill(self):
        """As a crash: kill -9."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.ended()

    def stop(self):
        """Stops cleanly, by SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        same("exit status after SIGTERM", self.ended(), 0)

    def ended(self):
        status = self.process.wait(120) if self.process else None
        if self in self.place.serving:
            self.place.serving.remove(self)
        return status

    def crash_and_serve(self):
        self.kill()
        return self.serve()

    def status(self):
        return json.loads(self.place.writeboost("status", self.name, "--json").out)

    def command(self, verb, *more, **options):
        return self.place.writeboost(verb, self.name, *more, **options)

    def copy_in(self, image):
        run("nbdcopy", "--flush", image, self.uri)

    def copy_out(self, name):
        out = self.place.file(name)
        run("nbdcopy", self.uri, out)
        return out

    def qemu_io(self, *commands, expect=(0,)):
        words = [word for command in commands for word in ("-c", command)]
        return run("qemu-io", "-f", "raw", *words, self.uri, expect=expect)


def run_all(program, work, only, keep, jobs=1):
    """Runs the cases, so many at a time; prints a line for each. Returns how many passed and failed."""
    cases = [each for each in CASES if not only or only in each.title or only in each.function.__name__]

    def run_one(each):
        return run_case(each, Place(program, work), keep)

    if jobs == 1:
        results = [run_one(each) for each in cases]
    else:
        results = [run_beside_each_other([each for each in cases if not each.alone], jobs, run_one)]
        results += [run_one(each) for each in cases if each.alone]
    return sum(passed for passed, _ in results), sum(failed for _, failed in results)


def run_case(it, place, keep):
    """Runs one; prints how it went. Returns how many passed and failed: more than one if it runs a suite of its own."""
    began = time.monotonic()
    why, result = None, None
    try:
        result = it.function(place)
    except (Failed, subprocess.TimeoutExpired, OSError, ValueError, KeyError) as e:
        why = "%s%s" % ("" if isinstance(e, Failed) else type(e).__name__ + ": ", e)
    finally:
        try:
            place.close()
        except (OSError, subprocess.TimeoutExpired) as e:
            why = why or "the server did not end: %s" % e
    took = time.monotonic() - began
    if why is not None:
        print("FAIL  %s  (%.0f s)\n      %s" % (it.title, took, why), flush=True)
        for line in place.log().splitlines()[-8:]:
            print("      log: " + line, flush=True)
    elif result is None or not result.failed:
        print("pass  %s  (%.0f s)" % (it.title, took), flush=True)
    if why is None and not keep:
        place.delete()
    else:
        print("      kept: %s" % place.folder, file=sys.stderr)
    bad = 0 if why is None else 1
    return (result.passed, result.failed + bad) if isinstance(result, Tally) else (1 - bad, bad)


def figures(suite, *lines):
    """Keeps what a suite measured beside the figures of the other tests; .ci/run shows them all in the end."""
    folder = ROOT / "engine" / "target" / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / (suite + ".txt")).write_text("".join(line + "\n" for line in lines))
