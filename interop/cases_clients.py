"""Clients as people use them: nbdinfo, qemu-io, qemu-img, fio, nbd-client's neighbours."""

import json

from harness import MIB, case, check, equal, random_file, run, same


@case("nbdinfo shows size, name and abilities")
def nbdinfo(place):
    pair = place.pair().serve()
    export = json.loads(run("nbdinfo", "--json", pair.uri).out)["exports"][0]
    same("export-name", export["export-name"], "disk")
    same("export-size", export["export-size"], 64 * MIB)
    for ability in ("can_flush", "can_fua", "can_trim", "can_zero", "can_fast_zero", "can_cache", "can_multi_conn"):
        same(ability, export[ability], True)
    for context in ("base:allocation", "x-writeboost:state"):
        check(context in export["contexts"], "no context %s in %s" % (context, export["contexts"]))


def states(pair, context):
    """The map of an export as (offset, length, type)."""
    extents = json.loads(run("nbdinfo", "--json", "--map=" + context, pair.uri).out)
    return [(e["offset"], e["length"], e["type"]) for e in extents]


@case("nbdinfo --map shows holes, and --map=x-writeboost:state what is dirty, clean and not cached")
def maps(place):
    pair = place.pair(settings=["writeback_threshold=0"]).serve()
    same("at first", states(pair, "x-writeboost:state"), [(0, 64 * MIB, 0)])
    pair.qemu_io("write -P 1 4M 1M", "write -z 8M 1M", "flush")
    mapped = states(pair, "x-writeboost:state")
    check((4 * MIB, MIB, 2) in mapped, "4 MiB..5 MiB is not dirty (2) in %s" % mapped)
    allocation = states(pair, "base:allocation")
    check(any(o <= 8 * MIB and 9 * MIB <= o + n and t & 2 for o, n, t in allocation), "no zeros in %s" % allocation)
    pair.command("flush")
    mapped = states(pair, "x-writeboost:state")
    check((4 * MIB, MIB, 1) in mapped, "4 MiB..5 MiB is not clean (1) in %s" % mapped)
    pair.command("drop")
    same("after drop", states(pair, "x-writeboost:state"), [(0, 64 * MIB, 0)])
    run("nbdinfo", "--map", pair.uri)


@case("qemu-io: patterns in whole blocks, parts of sectors, zeros and trims, also after kill -9")
def qemu_io(place):
    pair = place.pair(seed=7).serve()
    written = [
        "write -P 0x11 0 64k",
        "write -P 0x22 4608 512",  # one sector inside a block
        "write -P 0x33 20000 777",  # bytes across a sector's end
        "write -P 0x44 1M 3M",
        "write -z 2M 512k",
        "write -z -u 3M 64k",
        "discard 40M 4M",
        "aio_write -P 0x55 8M 1M",
        "aio_write -P 0x66 9M 1M",
        "aio_flush",
        "write -f -P 0x77 16M 4k",
    ]
    expected = [
        "read -P 0x11 0 4608",
        "read -P 0x22 4608 512",
        "read -P 0x11 5120 14880",
        "read -P 0x33 20000 777",
        "read -P 0x11 20777 44759",
        "read -P 0x44 1M 1M",
        "read -P 0 2M 512k",
        "read -P 0x44 2560k 512k",
        "read -P 0 3M 64k",
        "read -P 0x44 3136k 960k",
        "read -P 0x55 8M 1M",
        "read -P 0x66 9M 1M",
        "read -P 0x77 16M 4k",
    ]

    def reads(when):
        said = pair.qemu_io(*expected, expect=(0, 1)).all
        check("verification failed" not in said and "failed" not in said, "%s:\n      %s" % (when, said))

    pair.qemu_io(*written, "flush")
    reads("at once")
    pair.crash_and_serve()
    reads("after kill -9")
    pair.command("flush")
    reads("after flush")
    pair.command("drop")
    reads("after drop")


@case("qemu-img: info, convert from and to qcow2, compare")
def qemu_img(place):
    image = random_file(place.file("new.img"), 64 * MIB, seed="new")
    qcow2 = place.file("new.qcow2")
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", image, qcow2)
    pair = place.pair(cache="48M").serve()
    same("size", json.loads(run("qemu-img", "info", "--output=json", pair.uri).out)["virtual-size"], 64 * MIB)
    run("qemu-img", "convert", "-n", "-f", "qcow2", "-O", "raw", qcow2, pair.uri)
    run("qemu-img", "compare", "-f", "raw", "-F", "raw", image, pair.uri)
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", pair.uri, place.file("back.qcow2"))
    run("qemu-img", "compare", image, place.file("back.qcow2"))
    pair.stop()
    pair.serve()
    run("qemu-img", "compare", "-f", "raw", "-F", "raw", image, pair.uri)


def fio(pair, *more, **options):
    job = ["--name=job", "--ioengine=nbd", "--uri=" + pair.uri, "--size=64M", "--verify=crc32c", "--verify_state_save=0"]
    return run("fio", "--output-format=json", *job, *more, cwd=pair.place.folder, **options)


@case("fio: random writes verified by crc32c, in one go and after kill -9, in a cache that is too small for them")
def fio_verifies(place):
    pair = place.pair(cache="48M").serve()
    mixed = ["--rw=randwrite", "--bsrange=512-64k", "--blockalign=512", "--iodepth=32", "--randseed=11"]
    fio(pair, *mixed, "--io_size=48M", "--do_verify=1")
    small = ["--rw=randwrite", "--bs=4k", "--iodepth=32", "--randseed=12"]
    fio(pair, *small, "--do_verify=0", "--end_fsync=1")
    pair.crash_and_serve()
    fio(pair, *small, "--verify_only=1")
    pair.command("flush")
    fio(pair, *small, "--verify_only=1")


@case("fio: four connections write and flush at once")
def fio_connections(place):
    pair = place.pair(size_mib=64, cache="64M").serve()
    job = ["--rw=randwrite", "--bs=4k", "--iodepth=8", "--fsync=16", "--do_verify=1"]
    run(
        "fio", "--output-format=json", "--ioengine=nbd", "--uri=" + pair.uri, "--verify=crc32c",
        "--verify_state_save=0", *job, "--size=8M", "--offset_increment=16M", "--numjobs=4", "--name=job",
        cwd=place.folder,
    )  # fmt: skip
    same("errors", pair.status()["errors"], 0)


@case("several pairs on one server, over a unix socket and over TCP")
def several_exports(place):
    image = random_file(place.file("new.img"), 64 * MIB, seed="new")
    one, two = place.pair("one"), place.pair("two", seed=2)
    one.serve("two", "--tcp", "127.0.0.1:0")
    uris = [one.uri] + [one.process.stdout.readline().strip() for _ in range(3)]
    tcp = [uri for uri in uris if uri.startswith("nbd://")]
    check(len(tcp) == 2, "not two TCP addresses in %s" % uris)
    run("nbdcopy", "--flush", image, [uri for uri in tcp if uri.endswith("/two")][0])
    out = place.file("out.img")
    run("nbdcopy", [uri for uri in uris if uri.startswith("nbd+unix") and "/two" in uri][0], out)
    equal("the pair two", image, out)
    listing = place.writeboost("list").out
    check("one" in listing and "two" in listing, "not both in the list: " + listing)
    one.stop()
    equal("the pair one is untouched", one.backing, random_file(place.file("one-again.img"), 64 * MIB, 1))
    two.command("flush")
    equal("the disk of two", image, two.backing)
