"""What is refused: each with a clear message and exit status 1 or 2, and nothing is changed by it."""

import contextlib
import json

from harness import MIB, case, check, digest, digests, random_file, run


def refused(place, *arguments, says, status=(1, 2), unlike=()):
    """Runs a command that must be refused, in words that name the matter; nothing below `files` may change."""
    before = digests(place.files)
    profiles = digests(place.home / "config")
    result = place.writeboost(*arguments, expect=status)
    said = result.err.strip()
    what = "writeboost %s said:\n      %s" % (" ".join(str(a) for a in arguments), said)
    for words in [says] if isinstance(says, str) else says:
        check(words in said, "%r is not in the message; %s" % (words, what))
    check("Exception" not in said and "\tat " not in said, "that is no message for people; " + what)
    check(len(said) < 1200, "the message is too long; " + what)
    after = digests(place.files)
    changed = sorted(k for k in before.keys() | after.keys() if before.get(k) != after.get(k))
    check(not changed, "changed by a refusal: %s; %s" % (changed, what))
    check(digests(place.home / "config") == profiles, "a profile was changed by a refusal; " + what)
    return said


def refuses_create(place, backing, cache, *more, says):
    return refused(place, "create", "new", "--backing", backing, "--cache", cache, *more, says=says)


@contextlib.contextmanager
def small_disk(place, size_mib, name="mnt"):
    """A small file system of its own."""
    folder = place.folder / name
    folder.mkdir()
    run("mount", "-t", "tmpfs", "-o", "size=%dM" % size_mib, "tmpfs", folder)
    try:
        yield folder
    finally:
        run("umount", folder)


@case("refused: paths that lead nowhere, or to a folder")
def wrong_paths(place):
    disk = random_file(place.file("disk.img"), 4 * MIB, 1)
    size = ["--cache-size", "64M"]
    refuses_create(place, place.file("no-such.img"), place.file("cache"), *size, says=["no-such.img", "no such file"])
    refuses_create(place, disk, place.file("cache"), says=["cache", "does not exist", "--cache-size"])
    refuses_create(place, disk, place.file("no/such/folder/cache"), *size, says="no folder")
    refuses_create(place, place.files, place.file("cache"), *size, says="folder")
    refuses_create(place, disk, place.files, "--yes", says="folder")
    refused(place, "serve", "nobody", says="nobody")
    refused(place, "status", "nobody", says="nobody")
    refused(place, "verify", place.file("no-such.cache"), says="no-such.cache")


@case("refused: a cache device that is too small, with the minimum")
def too_small(place):
    disk = random_file(place.file("disk.img"), 4 * MIB, 1)
    refuses_create(place, disk, place.file("cache"), "--cache-size", "1M", says=["at least"])
    small = random_file(place.file("small"), MIB, 2)
    refuses_create(place, disk, small, "--yes", says=["at least"])


@case("refused: the backing device as its own cache, by its path, a link, a hard link")
def cache_is_backing(place):
    disk = random_file(place.file("disk.img"), 96 * MIB, 1)
    place.file("symlink").symlink_to(disk)
    place.file("hardlink").hardlink_to(disk)
    for cache in (disk, place.file("symlink"), place.file("hardlink")):
        refuses_create(place, disk, cache, "--yes", says="same")
    refuses_create(place, "hdd:%s" % disk, disk, "--yes", says="same")


def point_profile_at(place, name, key, path):
    """As a person who edits the profile, or whose disks have changed places."""
    profile = place.home / "config" / "writeboost" / "pairs" / (name + ".json")
    content = json.loads(profile.read_text())
    content[key] = str(path)
    profile.write_text(json.dumps(content))


@case("refused: the cache of another disk, and a disk that was changed elsewhere while data waited")
def foreign(place):
    pair, other = place.pair("disk"), place.pair("other", seed=2)
    pair.serve().qemu_io("write -P 5 0 1M", "flush")
    pair.kill()
    point_profile_at(place, "disk", "backing", other.backing)
    refused(place, "serve", "disk", says=["is not the disk that the cache", "Nothing was changed"])
    refused(place, "flush", "disk", says="is not the disk")
    point_profile_at(place, "disk", "backing", pair.backing)
    with open(pair.backing, "r+b") as file:
        file.seek(63 * MIB + 5000)
        file.write(b"changed elsewhere")
    refused(place, "serve", "disk", says="was changed without its cache")


@case("refused: devices that are in use")
def in_use(place):
    pair = place.pair("disk").serve()
    free = random_file(place.file("free.img"), 4 * MIB, 3)
    refused(place, "serve", "disk", says="served already")
    size = ["--cache-size", "64M"]
    refuses_create(place, pair.backing, place.file("new.cache"), *size, says="in use")
    refuses_create(place, free, pair.cache, "--yes", says="in use")
    refused(place, "remove", "disk", "--yes", says="being served")
    refused(place, "create", "disk", "--backing", free, "--cache", place.file("c"), *size, says="already")
    pair.qemu_io("write -P 1 0 4k", "flush", "read -P 1 0 4k")


@case("refused: to overwrite a cache device that holds something, unless --yes is said")
def holds_something(place):
    pair = place.pair("disk")
    free = random_file(place.file("free.img"), 4 * MIB, 3)
    ext4 = place.file("ext4")
    run("truncate", "-s", "64M", ext4)
    run("mkfs.ext4", "-q", ext4)
    refuses_create(place, free, ext4, says=["--yes", "lost"])
    refuses_create(place, free, pair.cache, says=["Writeboost", "--yes"])
    unknown = random_file(place.file("unknown"), 64 * MIB, 4)
    refuses_create(place, free, unknown, says="--yes")
    place.writeboost("create", "new", "--backing", free, "--cache", unknown, "--yes")


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


@case("refused: to serve a cache device whose superblock is unknown, damaged or of a newer version")
def unknown_superblock(place):
    pair = place.pair("disk")
    pair.serve().qemu_io("write -P 5 0 1M", "flush")
    pair.kill()
    last = pair.cache.stat().st_size - 4096
    with open(pair.cache, "r+b") as file:
        good = file.read(4096)

    def put(first, second):
        with open(pair.cache, "r+b") as file:
            file.write(first)
            file.seek(last)
            file.write(second)

    noise = random_file(place.folder / "noise", 4096, 9).read_bytes()
    put(noise, noise)
    refused(place, "serve", "disk", says="holds no Writeboost cache")
    refused(place, "verify", pair.cache, says="no Writeboost cache")
    damaged = good[:100] + bytes([good[100] ^ 1]) + good[101:]
    put(damaged, damaged)
    refused(place, "serve", "disk", says="superblock")
    newer = good[:8] + (99).to_bytes(4, "little") + bytes(4) + good[16:]
    newer = newer[:12] + crc32c(newer).to_bytes(4, "little") + newer[16:]
    put(newer, newer)
    refused(place, "serve", "disk", says=["version 99"])
    put(noise, good)  # one copy is enough
    pair.serve().qemu_io("read -P 5 0 1M")


@case("refused: read-only files, and caches on read-only file systems")
def read_only(place):
    with small_disk(place, 160) as mount:
        cache = random_file(mount / "cache", 64 * MIB, 1)
        disk = random_file(mount / "disk.img", 64 * MIB, 2)
        before = digest(cache), digest(disk)
        run("mount", "-o", "remount,ro", mount)
        free = random_file(place.file("free.img"), 4 * MIB, 3)
        refuses_create(place, free, cache, "--yes", says=["read-only", str(cache)])
        refuses_create(place, disk, place.file("new.cache"), "--cache-size", "64M", says=["read-only", str(disk)])
        refuses_create(place, free, mount / "made", "--cache-size", "8M", says="Read-only")
        check((digest(cache), digest(disk)) == before, "a refused device was changed")


@case("refused: a cache file for which there is no space, and nothing is left of it")
def no_space(place):
    disk = random_file(place.file("disk.img"), 4 * MIB, 1)
    with small_disk(place, 16) as mount:
        said = refuses_create(place, disk, mount / "cache", "--cache-size", "64M", says=["64", "free"])
        check(not (mount / "cache").exists(), "the file was left behind; " + said)


@case("wrong usage has exit status 2 and says what is right")
def usage(place):
    for arguments in (["frobnicate"], ["create", "x"], ["serve"], ["demo", "--seconds", "0"], ["set", "x", "nonsense"]):
        refused(place, *arguments, says="", status=(2,) if arguments[0] != "set" else (1, 2))
    for arguments in (["--help"], ["create", "--help"], ["--version"], ["serve", "--version"]):
        check(place.writeboost(*arguments).out.strip(), "%s says nothing" % arguments)
