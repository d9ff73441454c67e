"""What the log costs, and that damage to it is found."""

import random
import re

from harness import BLOCK, MIB, Failed, case, check, run, same
from cases_clients import fio

#: Where the segments begin, and how long they are: docs/format.md, section 1.
FIRST_SEGMENT, SEGMENT = 128 * BLOCK, 128 * BLOCK


def nbd_module():
    try:
        import nbd
    except ImportError:
        raise Failed("python3-libnbd is not installed")
    return nbd


def connected(pair):
    handle = nbd_module().NBD()
    handle.connect_uri(pair.uri)
    return handle


@case("1,000 writes of 4 KiB, each flushed, cost about 2,000 blocks of the log, in 16 segments")
def flushed_writes(place):
    pair = place.pair(settings=["writeback_threshold=0"]).serve()
    before = pair.status()
    handle = connected(pair)
    for i in range(1000):
        handle.pwrite(bytes([i % 251]) * BLOCK, i * 3 * BLOCK)
        handle.flush()
    handle.shutdown()
    after = pair.status()
    blocks = (after["cache_bytes_written"] - before["cache_bytes_written"]) / BLOCK
    segments = after["head_id"] - before["head_id"]
    print("      %d blocks, %d segments" % (blocks, segments))
    check(2000 <= blocks <= 2060, "%d blocks were written" % blocks)
    check(15 <= segments <= 16, "%d segments were begun" % segments)


@case("64 MiB of random 4 KiB writes cost at most 1.02 bytes of the cache device per byte; writeback merges neighbours")
def random_writes(place):
    pair = place.pair(settings=["writeback_threshold=0"]).serve()
    fio(pair, "--rw=randwrite", "--bs=4k", "--iodepth=32", "--do_verify=0")
    pair.command("sync")
    status = pair.status()
    same("user_bytes_written", status["user_bytes_written"], 64 * MIB)
    ratio = status["cache_bytes_written"] / status["user_bytes_written"]
    print("      %.4f bytes per byte" % ratio)
    check(ratio <= 1.02, "%.4f bytes of the cache device per byte" % ratio)
    blocks = status["dirty_blocks"]
    same("dirty_blocks", blocks, 64 * MIB // BLOCK)
    pair.command("flush")
    writes = pair.status()["backing_writes"] - status["backing_writes"]
    print("      %d writes to the disk for %d blocks" % (writes, blocks))
    check(writes < blocks * 0.9, "%d writes for %d blocks" % (writes, blocks))
    same("dirty_blocks after flush", pair.status()["dirty_blocks"], 0)
    pair.stop()
    sound(pair)


@case("writeback of what lies side by side on the disk takes few writes, however it was written")
def merged(place):
    pair = place.pair(settings=["writeback_threshold=0"]).serve()
    handle = connected(pair)
    addresses = list(range(2048))
    random.Random(5).shuffle(addresses)
    for address in addresses:
        handle.pwrite(address.to_bytes(4, "big") * 1024, address * BLOCK)
    handle.shutdown()
    before = pair.status()["backing_writes"]
    pair.command("flush")
    writes = pair.status()["backing_writes"] - before
    check(writes <= 16, "%d writes to the disk for 8 MiB side by side" % writes)


def verify(pair, expect):
    return pair.place.writeboost("verify", pair.cache, expect=(expect,)).all


def sound(pair):
    said = verify(pair, 0)
    check("sound" in said, "verify does not say that it is sound: " + said)


def flip(path, offset):
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ 1 << (offset % 8)]))


@case("verify finds every flipped byte of live data and headers, and names segment and block", seconds=20)
def damage_is_found(place):
    pair = place.pair(settings=["writeback_threshold=0"]).serve()
    pair.qemu_io(*["write -P %d %dk 512k" % (i + 1, i * 512) for i in range(12)], "flush")
    pair.command("sync")
    head = pair.status()["head_id"]
    check(head >= 12, "only %d segments were written" % head)
    pair.kill()
    sound(pair)
    dice = random.Random(20)
    for _ in range(12):
        segment, block = dice.randrange(1, 12), dice.choice([0, 1, 64, 127, dice.randrange(128)])
        byte = dice.randrange(BLOCK)
        offset = FIRST_SEGMENT + (segment - 1) * SEGMENT + block * BLOCK + byte
        flip(pair.cache, offset)
        said = verify(pair, 1)
        named = re.search(r"segment %d\b.*\bblock %d\b" % (segment, block), said, re.IGNORECASE)
        check(named, "byte %d of block %d of segment %d was flipped, verify says:\n      %s" % (byte, block, segment, said))
        flip(pair.cache, offset)
    sound(pair)


@case("a flipped bit is never served and never reaches the disk: it reads as an error until overwritten")
def damage_is_an_error(place):
    pair = place.pair(settings=["writeback_threshold=0"]).serve()
    pair.qemu_io("write -P 0xaa 0 508k", "flush")
    pair.command("sync")
    pair.kill()
    flip(pair.cache, FIRST_SEGMENT + 5 * BLOCK + 100)  # the 5th data block: bytes 16k..20k
    pair.serve()
    pair.qemu_io("read -P 0xaa 0 16k", "read -P 0xaa 20k 488k")
    check("Input/output error" in pair.qemu_io("read 16k 4k", expect=(0, 1)).all, "the damaged block did not read as EIO")
    pair.command("flush", expect=(0, 1))
    check("Input/output error" in pair.qemu_io("read 16k 4k", expect=(0, 1)).all, "after flush it did not read as EIO")
    pair.crash_and_serve()
    check("Input/output error" in pair.qemu_io("read 16k 4k", expect=(0, 1)).all, "after a restart it did not read as EIO")
    pair.qemu_io("write -P 0xbb 16k 4k", "read -P 0xbb 16k 4k")
    pair.command("flush")
    pair.stop()
    run("qemu-io", "-f", "raw", "-c", "read -P 0xaa 0 16k", "-c", "read -P 0xbb 16k 4k", "-c", "read -P 0xaa 20k 488k",
        pair.backing)  # fmt: skip
