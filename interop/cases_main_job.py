"""The main job: a file system goes in, the process dies, and what comes out is what went in."""

import subprocess
import sysconfig
import time

from harness import MIB, ROOT, case, check, digest, equal, random_file, run, same


def ext4_image(place, size_mib=192):
    """An ext4 image that holds real source trees: Python's library and this project."""
    tree = place.file("tree")
    tree.mkdir()
    run("cp", "-a", sysconfig.get_paths()["stdlib"], tree / "python")
    (tree / "writeboost").mkdir()
    for name in ("engine/src", "app/src", "docs", "interop"):
        run("cp", "-a", ROOT / name, tree / "writeboost")
    image = place.file("ext4.img")
    run("truncate", "-s", "%dM" % size_mib, image)
    run("mkfs.ext4", "-q", "-d", tree, image)
    run("rm", "-rf", tree)
    return image


@case("an ext4 image comes out as it went in after kill -9, and the disk alone holds it after flush")
def ext4_round_trip(place):
    image = ext4_image(place)
    pair = place.pair(size_mib=192, cache="128M").serve()
    pair.copy_in(image)
    pair.crash_and_serve()
    equal("after kill -9", image, pair.copy_out("after-kill.img"))
    run("e2fsck", "-fn", place.file("after-kill.img"))
    pair.command("flush")
    same("dirty_blocks after flush", pair.status()["dirty_blocks"], 0)
    equal("the backing file alone, still serving", image, pair.backing)
    pair.kill()
    equal("the backing file alone, after another kill", image, pair.backing)


@case("a cache larger than what is written keeps it all, through a kill, without the disk being touched")
def nothing_needs_the_disk(place):
    image = ext4_image(place)
    pair = place.pair(size_mib=192, cache="512M", settings=["writeback_threshold=0"])
    before = digest(pair.backing)
    pair.serve()
    pair.copy_in(image)
    pair.crash_and_serve()
    check(pair.status()["dirty_blocks"] > 0, "nothing is dirty though nothing was written back")
    same("the backing file", digest(pair.backing), before)
    equal("after kill -9", image, pair.copy_out("after-kill.img"))
    pair.stop()
    pair.command("flush")  # not served: opens the pair for the while
    equal("the backing file alone, flushed while stopped", image, pair.backing)


@case("a kill in the middle of a copy leaves old or new, and the copy succeeds afterwards")
def kill_in_the_middle(place):
    image = random_file(place.file("new.img"), 96 * MIB, seed="new")
    pair = place.pair(size_mib=96, cache="64M").serve()
    old = place.file("old.img")
    run("cp", pair.backing, old)
    for moment in (0.2, 0.5):
        copy = subprocess.Popen(["nbdcopy", image, pair.uri], stderr=subprocess.DEVNULL)
        time.sleep(moment)
        pair.kill()
        copy.wait(60)
        pair.serve()
        out = pair.copy_out("out.img")
        with open(out, "rb") as now, open(old, "rb") as before, open(image, "rb") as after:
            for sector in range(96 * MIB // 512):
                is_, was, may_be = now.read(512), before.read(512), after.read(512)
                check(is_ in (was, may_be), "sector %d is neither old nor new" % sector)
    pair.copy_in(image)
    equal("after the whole copy", image, pair.copy_out("whole.img"))


@case("drop empties the cache, and everything is read from the disk then")
def drop_then_read(place):
    image = random_file(place.file("new.img"), 64 * MIB, seed="new")
    pair = place.pair().serve()
    pair.copy_in(image)
    pair.command("drop")
    status = pair.status()
    same("cached_blocks after drop", status["cached_blocks"], 0)
    equal("the backing file", image, pair.backing)
    misses = status["read_misses"]
    equal("read back", image, pair.copy_out("out.img"))
    check(pair.status()["read_misses"] - misses >= 64 * MIB // 4096, "the blocks were not read from the disk")
