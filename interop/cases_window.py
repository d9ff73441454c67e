"""The window, on a display that nobody sees: real GTK, real signals."""

import os
import re
import signal
import subprocess
import time

from harness import case, check, need, run, same, tail

PICTURE = re.compile(r"the picture lives, (\d+) ms after the start")


class Display:
    """An X server in memory, without a window manager."""

    def __init__(self):
        need("Xvfb")
        read, write = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as numbers:
            self.name = ":" + numbers.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait(30)


class Shown:
    """A window of the program's."""

    def __init__(self, place, display, *arguments):
        self.place = place
        self.earlier = len(PICTURE.findall(place.log()))
        self.said = place.folder / "window.said"
        with open(self.said, "ab") as said:
            self.process = subprocess.Popen(
                [place.program, *arguments],
                env=dict(place.env, DISPLAY=display.name),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(30)

    def await_picture(self):
        """Waits until the log is on the screen; returns how long that took, in milliseconds."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            lives = PICTURE.findall(self.place.log())
            if len(lives) > self.earlier:
                return int(lives[-1])
            check(self.process.poll() is None, "it ended: " + tail(self.said.read_text()))
            time.sleep(0.1)
        check(False, "no picture: " + tail(self.said.read_text()))

    def end(self, number):
        began = time.monotonic()
        self.process.send_signal(number)
        status = self.process.wait(60)
        return status, time.monotonic() - began


def temp_of(place):
    temp = place.folder / "tmp"
    temp.mkdir()
    # JavaFX unpacks its native code into the home, where two that start at once would meet
    place.env["JAVA_TOOL_OPTIONS"] = "-Djava.io.tmpdir=%s -Djavafx.cachedir=%s" % (temp, place.folder / "native")
    return temp


def check_nothing_left(place, temp):
    left = [name for name in os.listdir(temp) if name.startswith("writeboost")]
    check(not left, "left behind in the temp folder: %s" % left)
    sockets = place.home / "runtime" / "writeboost"
    left = [name for name in os.listdir(sockets) if not name.endswith(".lock")] if sockets.is_dir() else []
    check(not left, "left behind of sockets: %s" % left)


@case("SIGTERM and SIGINT end the window with status 0, and the demo leaves nothing behind")
def window_signals(place):
    temp = temp_of(place)
    with Display() as display:
        for number in (signal.SIGTERM, signal.SIGINT):
            with Shown(place, display, "demo") as window:
                took = window.await_picture()
                status, seconds = window.end(number)
                print("      picture after %d ms, %s: ended after %.1f s" % (took, number.name, seconds))
                same("exit status after " + number.name, status, 0)
            check_nothing_left(place, temp)
            said = window.said.read_text()
            check("CRITICAL" not in said, "GTK complains: " + tail(said))


@case("starting the window again shows the one that is open")
def window_again(place):
    temp_of(place)
    with Display() as display, Shown(place, display, "demo") as window:
        window.await_picture()
        place.env["DISPLAY"] = display.name
        place.writeboost("demo", timeout=60)
        check(window.process.poll() is None, "the first window has ended")
        same("exit status of the first", window.end(signal.SIGTERM)[0], 0)


@case("without a display the window says so and names the demo for the terminal")
def window_without_display(place):
    temp_of(place)
    place.env.pop("DISPLAY", None)
    result = place.writeboost("demo", expect=(1,), timeout=60)
    check("no display" in result.err and "writeboost demo --headless" in result.err, "it said: " + result.all)
    result = run(place.program, "demo", expect=(1,), timeout=60, env=dict(place.env, DISPLAY=":4711"))
    check("writeboost demo --headless" in result.err, "with a display that is not there it said: " + result.all)
