"""What a newcomer does first."""

import os
import re

from harness import ROOT, case, check, run


@case("the demo of 30 seconds shows at least 20 times, verifies the content and leaves nothing behind", alone=True)
def demo(place):
    temp = place.folder / "tmp"
    temp.mkdir()
    place.env["JAVA_TOOL_OPTIONS"] = "-Djava.io.tmpdir=%s" % temp
    said = place.writeboost("demo", "--headless", "--seconds", "30", timeout=180).out
    for line in said.splitlines():
        print("      " + line)
    check(re.search(r"nbd\+unix://\S+", said), "no URI was printed")
    times = re.search(r"(\d+) times faster", said)
    check(times and int(times[1]) >= 20, "not 20 times faster")
    check("NOT as" not in said and said.count("as they were written") == 2, "the content was not verified twice")
    left = [name for name in os.listdir(temp) if not name.startswith(("hsperfdata", "jffi"))]
    check(not left, "left behind: %s" % left)


@case("the quick start of the README works as it is printed")
def quick_start(place):
    readme = (ROOT / "README.md").read_text()
    section = readme.split("## Quick start", 1)[1].split("\n## ", 1)[0]
    script = "\n".join(re.findall(r"```sh\n(.*?)```", section, re.DOTALL))
    check("serve" in script and "flush" in script, "no commands in the quick start")
    script = script.replace("./writeboost", place.program)
    place.env["PATH"] = os.environ["PATH"]
    run("timeout", "240", "bash", "-euxc", script, env=place.env, cwd=place.files)
