"""Disks that are used without their cache, with the file systems that people have on them."""

import contextlib
import os
import shutil
import sysconfig

import nbd

from harness import BLOCK, MIB, case, check, equal, run, same

SIZE_MIB = 320  # xfs wants 300


def mounted_by(*command):
    """A way to mount an image: runs a command with a loop device and a folder."""

    @contextlib.contextmanager
    def mounted(place, image):
        folder = place.file("mnt")
        folder.mkdir(exist_ok=True)
        loop = run("losetup", "--find", "--show", image).out.strip()
        try:
            run(*command, loop, folder)
            try:
                yield folder
            finally:
                run("umount", folder)
        finally:
            run("losetup", "--detach", loop)

    return mounted


FILE_SYSTEMS = {
    "ext4": (["mkfs.ext4", "-q"], mounted_by("mount")),
    "xfs": (["mkfs.xfs", "-q"], mounted_by("mount")),
    "exFAT": (["mkfs.exfat"], mounted_by("mount.exfat-fuse")),
    "NTFS": (["mkfs.ntfs", "-q", "-F"], mounted_by("ntfs-3g")),
}


def use(place, mounted, image, name, megabytes):
    """Somebody mounts it, writes a few files, and unmounts it."""
    with mounted(place, image) as folder:
        (folder / name).mkdir()
        source = sysconfig.get_paths()["stdlib"]
        left = megabytes * MIB
        for file in sorted(os.scandir(source), key=lambda f: f.name):
            if file.is_file() and left > 0:
                shutil.copyfile(file.path, folder / name / file.name)
                left -= file.stat().st_size


def write_differences(uri, before, after):
    """Writes through the cache what a file system did to an image: as if it had been mounted there."""
    connection = nbd.NBD()
    connection.connect_uri(uri)
    blocks = 0
    with open(before, "rb") as a, open(after, "rb") as b:
        for at in range(0, SIZE_MIB * MIB, BLOCK):
            old, new = a.read(BLOCK), b.read(BLOCK)
            if old != new:
                connection.pwrite(new, at)
                blocks += 1
    connection.flush()
    connection.shutdown()
    return blocks


def file_system_case(name):
    make, mounted = FILE_SYSTEMS[name]

    @case("backing5: a disk with %s that was used without its cache while data waited is refused" % name)
    def refused(place):
        pair = place.pair(size_mib=SIZE_MIB, cache="192M", settings=["writeback_threshold=0"])
        run(*make, pair.backing)
        use(place, mounted, pair.backing, "before", 2)
        # The profile's cache was made for the noise that the file held then: a new one knows the file system.
        place.writeboost("remove", "disk", "--yes")
        place.writeboost("create", "disk", "--backing", pair.backing, "--cache", pair.cache, "--yes",
                         "--set", "writeback_threshold=0")
        state = place.file("state.img")
        left = place.file("left.img")
        for moved, end in ((False, pair.kill), (True, pair.stop)):
            run("cp", "--sparse=always", pair.backing, state)
            use(place, mounted, state, "through it, moved %s" % moved, 2)
            pair.serve()
            check(write_differences(pair.uri, pair.backing, state) > 10, "nothing was changed")
            if moved:
                pair.command("flush")
                pair.qemu_io("write -P 7 300M 4k", "flush")
            end()
            run("cp", "--sparse=always", pair.backing, left)
            use(place, mounted, pair.backing, "elsewhere", 1)
            said = place.writeboost("flush", "disk", expect=(0, 1)).all
            check("was changed without its cache" in said, "not refused, moved %s: %s" % (moved, said))
            run("cp", "--sparse=always", left, pair.backing)
            place.writeboost("flush", "disk")  # as it was left, it is right
        with mounted(place, pair.backing) as folder:
            names = sorted(f.name for f in folder.iterdir() if "through" in f.name)
            same("what was written through the cache", names, ["through it, moved False", "through it, moved True"])

    return refused


for each in FILE_SYSTEMS:
    file_system_case(each)


@case("backing5: what waits for a changed disk is exported, and written by force or given up")
def resolved(place):
    pair = place.pair(settings=["writeback_threshold=0"]).serve()
    pair.qemu_io("write -P 5 8M 1M", "write -P 6 20M 4k", "flush")
    pair.stop()
    with open(pair.backing, "r+b") as file:
        file.write(b"elsewhere")
    before = place.file("before.img")
    run("cp", pair.backing, before)
    said = place.writeboost("serve", "disk", expect=(1,)).err
    check("writeboost resolve disk" in said, said)
    place.writeboost("resolve", "disk", "--export", place.file("export"))
    equal("the disk after an export", pair.backing, before)
    run("qemu-io", "-f", "raw", "-c", "read -P 5 8M 1M", "-c", "read -P 6 20M 4k", place.file("export") / "disk.img")
    run("cp", pair.cache, place.file("cache.copy"))
    place.writeboost("resolve", "disk", "--discard", "--yes")
    pair.serve().stop()
    equal("the disk after giving up", pair.backing, before)
    run("cp", place.file("cache.copy"), pair.cache)
    place.writeboost("resolve", "disk", "--force", "--yes")
    run("qemu-io", "-f", "raw", "-c", "read -P 5 8M 1M", "-c", "read -P 6 20M 4k", pair.backing)
    pair.serve().stop()


@case("cache13: a cache that cannot be opened any more is rescued, and says what is lost")
def rescued(place):
    pair = place.pair(settings=["writeback_threshold=0"]).serve()
    for i in range(8):
        pair.qemu_io("write -P %d %dM 64k" % (i + 1, i + 1), "flush")
    pair.command("sync")
    pair.kill()
    with open(pair.cache, "r+b") as file:  # two chunks with their headers, one behind the other
        file.seek((128 + 2 * 17) * BLOCK)
        file.write(bytes(2 * 17 * BLOCK))
    said = place.writeboost("serve", "disk", expect=(1,)).err
    check("is gone with its copy" in said, said)
    rescue = ["rescue", pair.cache, "--backing", pair.backing]
    check("intact and to be written" in place.writeboost(*rescue, "--dry-run", expect=(1,)).out, "the dry run")
    said = place.writeboost(*rescue, expect=(1,)).out
    check("Chunk 3 of the log is gone" in said, said)
    for i in (0, 1, 4, 5, 6, 7):
        run("qemu-io", "-f", "raw", "-c", "read -P %d %dM 64k" % (i + 1, i + 1), pair.backing)
