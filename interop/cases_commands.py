"""The command line as a person uses it, beside a pair that is served."""

import json
import signal
import subprocess
import time

from cases_log import connected
from harness import BLOCK, MIB, ROOT, Failed, Pair, case, check, equal, random_file, run, same


@case("set changes a setting at once and for later runs, and says what is out of range")
def settings(place):
    pair = place.pair(settings=["writeback_threshold=0"]).serve()
    same("as created", pair.status()["settings"]["writeback_threshold"], 0)
    pair.command("set", "writeback_threshold=55", "sync_data_interval=1")
    same("while serving", pair.status()["settings"]["writeback_threshold"], 55)
    said = pair.command("set", "writeback_threshold=101", expect=(1, 2)).err
    check("writeback_threshold" in said and "100" in said, "the range is not named: " + said)
    pair.stop()
    pair.serve()
    same("after a restart", pair.status()["settings"]["writeback_threshold"], 55)
    same("after a restart", pair.status()["settings"]["sync_data_interval"], 1)


@case("stop by command, SIGTERM and Ctrl-C keep what was written without a flush; status tells what waits")
def stops(place):
    pair = place.pair(settings=["writeback_threshold=0", "sync_data_interval=0"])
    for i, how in enumerate(("command", signal.SIGTERM, signal.SIGINT)):
        pair.serve()
        pair.qemu_io("write -P %d %dM 1M" % (i + 1, i))
        if how == "command":
            pair.command("stop")
        else:
            pair.process.send_signal(how)
        same("exit status of serve after %s" % how, pair.ended(), 0)
        same("state", pair.status()["state"], "stopped")
    pair.serve()
    pair.qemu_io("read -P 1 0 1M", "read -P 2 1M 1M", "read -P 3 2M 1M")
    same("dirty_blocks", pair.status()["dirty_blocks"], 3 * MIB // 4096)


@case("the fields of status --json are those of docs/cli.md, served and stopped")
def status_fields(place):
    table = (ROOT / "docs/cli.md").read_text().split("## status --json", 1)[1].split("\n## ", 1)[0]
    documented = {line.split("`")[1] for line in table.splitlines() if line.startswith("| `")}
    pair = place.pair()

    def fields(status, prefix=""):
        for key, value in status.items():
            if isinstance(value, dict) and key != "settings":
                yield from fields(value, prefix + key + ".")
            else:
                yield prefix + key

    same("the fields of a stopped pair", sorted(fields(pair.status())), sorted(documented))
    pair.serve()
    same("the fields of a pair that is served", sorted(fields(pair.status())), sorted(documented))


@case("status --watch goes on telling, and list shows who serves")
def watch(place):
    pair = place.pair().serve()
    place.pair("other", seed=2)
    watching = subprocess.Popen(
        [place.program, "status", "disk", "--json", "--watch"], env=place.env, stdout=subprocess.PIPE, text=True
    )
    try:
        ids = [json.loads(watching.stdout.readline())["snapshot_id"] for _ in range(3)]
    finally:
        watching.kill()
        watching.wait()
    check(ids[0] < ids[1] < ids[2], "the snapshots are not new ones: %s" % ids)
    listed = json.loads(place.writeboost("list", "--json").out)
    check("other" in str(listed) and "disk" in str(listed), "not both in the list: %s" % listed)
    pair.command("stop")


@case("a flush cancelled by Ctrl-C loses nothing, and another one ends it", seconds=30)
def cancelled_flush(place):
    disk = random_file(place.file("slow.img"), 32 * MIB, 1)
    new = random_file(place.file("new.img"), 32 * MIB, 1)
    place.writeboost(
        "create", "slow", "--backing", "hdd:%s" % disk, "--cache", place.file("slow.cache"), "--cache-size", "128M",
        "--set", "writeback_threshold=0", "--set", "nr_max_batched_writeback=2",
    )  # fmt: skip
    pair = Pair(place, "slow").serve()
    handle = connected(pair)
    with open(new, "r+b") as file:
        for at in range(0, 32 * MIB, 2 * BLOCK):  # several batches, of which the one at work is finished
            data = at.to_bytes(8, "big") * (BLOCK // 8)
            handle.pwrite(data, at)
            file.seek(at)
            file.write(data)
    handle.flush()
    handle.shutdown()
    flush = subprocess.Popen(
        [place.program, "flush", "slow"], env=place.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    while True:  # it has begun when it says something
        line = flush.stdout.readline()
        if not line or "%" in line:
            break
    time.sleep(0.2)
    flush.send_signal(signal.SIGINT)
    said = flush.stdout.read()
    status = flush.wait(60)
    if status == 0:
        raise Failed("the flush had ended before it could be cancelled: " + said)
    check("cancelled" in said, "exit status %d, said: %s" % (status, said))
    check(pair.status()["dirty_blocks"] > 0, "nothing is dirty though the flush was cancelled")
    equal("through the cache", new, pair.copy_out("out.img"))
    pair.command("flush")
    same("dirty_blocks", pair.status()["dirty_blocks"], 0)
    equal("the disk alone", new, disk)


@case("remove forgets a pair and leaves both devices; it is refused while data waits, unless --yes is said")
def remove(place):
    pair = place.pair(settings=["writeback_threshold=0"]).serve()
    pair.qemu_io("write -P 9 0 1M", "flush")
    pair.command("stop")
    pair.ended()
    said = pair.command("remove", expect=(1,)).err
    check("1 MiB" in said or "waits" in said, "what waits is not said: " + said)
    pair.command("flush")
    pair.command("remove")
    check(pair.backing.exists() and pair.cache.exists(), "a device was deleted")
    place.writeboost("status", "disk", expect=(1,))
    run("qemu-io", "-f", "raw", "-c", "read -P 9 0 1M", pair.backing)
