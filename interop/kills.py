"""Kills the real program again and again, in the middle of everything, and looks what its disk holds.

A writer keeps up to 24 requests in flight over two connections: writes of 512 bytes to 64 KiB, zeroes, some with FUA,
and flushes. It remembers of each sector what was flushed, and what was written since. The server is killed by SIGKILL at a
random moment of what is going on: writes, a flush, migration to the disk, replay after the kill before. Then it is served
again and the whole disk is read: each sector holds what was flushed, or one of the versions written later, whole. Now and
then fio writes a region of its own, and verifies it after the kill by its checksums. At the end everything is flushed to the
disk, and the backing file alone must hold the same.
"""

import random
import struct
import threading
import time

from harness import MIB, Failed, check, figures, run

SECTOR = 512
#: Of the disk: what the writer writes, and behind it what fio writes.
WRITER_BYTES, FIO_BYTES = 40 * MIB, 8 * MIB
#: Smaller than the disk, so that migration never ends.
CACHE = "32M"
IN_FLIGHT = 24
#: Sectors that are told of one by one when something is wrong.
TOLD_MAX = 20
#: Moments of a kill, in turn; replay is what follows each of them.
MOMENTS = ("write", "flush", "migration", "replay", "fio")


class Sectors:
    """What each sector may hold."""

    def __init__(self, image, seed):
        self.seed = seed
        self.original = bytes(image)
        self.image = bytearray(image)  # what is certain
        self.version = [0] * (len(image) // SECTOR)
        self.later = {}  # by sector: versions that may be there instead
        self.zeros = set()  # versions that are zeros
        self.last = 0
        self.lost = self.wrong = self.verified = self.told = 0

    def content(self, version, sector):
        """A sector of a version: it names itself, and is told from every other by each of its bytes."""
        if version in self.zeros:
            return bytes(SECTOR)
        return struct.pack("<QQ", version << 1 | 1, sector ^ self.seed) * (SECTOR // 16)

    def new_version(self, first, count, zero):
        """Notes that these sectors are about to be written; what to write."""
        self.last += 1
        if zero:
            self.zeros.add(self.last)
        for sector in range(first, first + count):
            self.later.setdefault(sector, []).append(self.last)
        return self.last

    def certain(self, version, first, count):
        """A version was flushed: nothing older may be there any more."""
        for sector in range(first, first + count):
            if self.version[sector] < version:
                self.settle(sector, version)
                later = [v for v in self.later.get(sector, ()) if v > version]
                if later:
                    self.later[sector] = later
                else:
                    self.later.pop(sector, None)

    def settle(self, sector, version):
        self.version[sector] = version
        at = sector * SECTOR
        self.image[at : at + SECTOR] = self.content(version, sector)

    def verify(self, data, at):
        """Compares what was read; from now on that is what must be there."""
        self.verified += len(data)
        first = at // SECTOR
        for i in range(len(data) // SECTOR):
            sector = first + i
            is_ = data[i * SECTOR : (i + 1) * SECTOR]
            should = self.image[sector * SECTOR : (sector + 1) * SECTOR]
            if is_ != should:
                self.judge(sector, bytes(is_))
            self.later.pop(sector, None)

    def judge(self, sector, is_):
        for version in reversed(self.later.get(sector, ())):
            if is_ == self.content(version, sector):
                self.settle(sector, version)
                return
        version = struct.unpack_from("<Q", is_)[0] >> 1
        at = sector * SECTOR
        if is_ == self.original[at : at + SECTOR]:
            version = 0
        known = version == 0 or version <= self.last and is_ == self.content(version, sector) or not any(is_)
        if known:
            self.lost += SECTOR
            self.tell("sector %d: version %d, but %d was flushed" % (sector, version, self.version[sector]))
        else:
            self.wrong += SECTOR
            self.tell("sector %d holds what nobody wrote: %s..." % (sector, is_[:32].hex()))

    def tell(self, what):
        self.told += 1
        if self.told <= TOLD_MAX:
            print("      " + what, flush=True)


class Writer:
    """Writes until the server is gone."""

    def __init__(self, nbd, uri, sectors, dice):
        self.nbd, self.sectors, self.dice = nbd, sectors, dice
        self.handles = []
        for _ in range(2):
            handle = nbd.NBD()
            handle.connect_uri(uri)
            self.handles.append(handle)
        self.busy = set()  # sectors in flight: no two requests at once touch the same
        self.written = []  # acknowledged, not flushed: (version, first, count)
        self.in_flight = 0
        self.flushing = threading.Event()
        self.acknowledged = 0

    def write_until_gone(self):
        """Returns when the connection breaks."""
        while True:
            for handle in self.handles:
                try:
                    while self.in_flight < IN_FLIGHT:
                        self.submit(handle)
                    handle.poll(5)
                except self.nbd.Error:
                    return

    def submit(self, handle):
        if self.dice.random() < 0.05:
            self.flush(handle)
        else:
            self.write(handle)

    def flush(self, handle):
        covered, self.written = self.written, []
        self.in_flight += 1
        self.flushing.set()

        def done(error):
            self.in_flight -= 1
            if error.value == 0:
                for write in covered:
                    self.sectors.certain(*write)
            return 1

        handle.aio_flush(completion=done)

    def write(self, handle):
        count = self.dice.choice((1, 1, 7, 8, 8, 8, 8, 24, 128))
        first = self.dice.randrange(WRITER_BYTES // SECTOR - count)
        if self.dice.random() < 0.5:
            first = first // 8 * 8
        touched = range(first, first + count)
        if not self.busy.isdisjoint(touched):
            return
        self.busy.update(touched)
        self.in_flight += 1
        zero, fua = self.dice.random() < 0.05, self.dice.random() < 0.05
        version = self.sectors.new_version(first, count, zero)
        flags = self.nbd.CMD_FLAG_FUA if fua else 0

        def done(error):
            self.in_flight -= 1
            self.busy.difference_update(touched)
            if error.value == 0:
                self.acknowledged += count * SECTOR
                if fua:
                    self.sectors.certain(version, first, count)
                else:
                    self.written.append((version, first, count))
            return 1

        if zero:
            handle.aio_zero(count * SECTOR, first * SECTOR, completion=done, flags=flags)
        else:
            data = b"".join(self.sectors.content(version, sector) for sector in touched)
            buffer = self.nbd.Buffer.from_bytearray(bytearray(data))
            handle.aio_pwrite(buffer, first * SECTOR, completion=done, flags=flags)


class Campaign:
    """So many kills of one pair."""

    def __init__(self, place, nbd, kills, seed):
        self.place, self.nbd, self.kills = place, nbd, kills
        self.dice = random.Random(seed)
        self.killed = dict.fromkeys(MOMENTS, 0)
        self.pair = place.pair(size_mib=(WRITER_BYTES + FIO_BYTES) // MIB, cache=CACHE, settings=["sync_data_interval=1"])
        with open(self.pair.backing, "rb") as file:
            self.sectors = Sectors(file.read(WRITER_BYTES), seed & 0xFFFFFFFF)
        self.fio_seed = 0
        self.acknowledged = 0

    def run(self):
        self.pair.serve()
        for number in range(self.kills):
            moment = MOMENTS[number % len(MOMENTS)]
            getattr(self, "kill_in_" + moment)()
            self.killed[moment] += 1
            self.pair.serve()
            self.verify()
            if moment == "fio":
                self.verify_fio()
            self.check()
        self.pair.command("flush")
        self.verify_fio()
        self.pair.stop()
        with open(self.pair.backing, "rb") as file:
            for at in range(0, WRITER_BYTES, MIB):
                self.sectors.verify(file.read(MIB), at)
        self.check()

    def check(self):
        sectors = self.sectors
        check(sectors.lost == 0 and sectors.wrong == 0, "lost %d bytes, wrong %d bytes" % (sectors.lost, sectors.wrong))

    def write(self, before_kill=None, least=0.1, most=1.2):
        """Writes until a kill at a random moment."""
        writer = Writer(self.nbd, self.pair.uri, self.sectors, self.dice)
        delay = self.dice.uniform(least, most)

        def kill():
            time.sleep(delay)
            if before_kill:
                before_kill(writer)
            self.pair.process.kill()

        killer = threading.Thread(target=kill)
        killer.start()
        writer.write_until_gone()
        killer.join()
        self.acknowledged += writer.acknowledged
        self.pair.ended()

    def kill_in_write(self):
        self.write()

    def kill_in_flush(self):
        pause = self.dice.uniform(0, 0.004)

        def in_flush(writer):
            writer.flushing.clear()
            writer.flushing.wait(10)
            time.sleep(pause)

        self.write(before_kill=in_flush)

    def kill_in_migration(self):
        """Somebody asks for everything to be flushed to the disk, while writes go on."""
        asking = threading.Thread(target=self.pair.command, args=("flush",), kwargs={"expect": range(256)})
        asking.start()
        self.write(least=0.5, most=2.0)
        asking.join()

    def kill_in_replay(self):
        """A kill, and then another one before or just after it is served again."""
        self.write(most=0.5)
        self.pair.begin_to_serve()
        time.sleep(self.dice.uniform(0.1, 1.5))
        self.pair.kill()

    def kill_in_fio(self):
        """What fio has written and synced fits its checksums after the kill, which comes while the writer is at it again."""
        self.fio_seed += 1
        self.fio("--do_verify=0", "--end_fsync=1")
        self.write(most=0.4)

    def fio(self, *more):
        run(
            "fio", "--name=job", "--ioengine=nbd", "--uri=" + self.pair.uri, "--rw=randwrite", "--bs=4k", "--iodepth=16",
            "--offset=%d" % WRITER_BYTES, "--size=%d" % FIO_BYTES, "--verify=crc32c", "--verify_state_save=0",
            "--randseed=%d" % self.fio_seed, *more, cwd=self.place.folder,
        )  # fmt: skip

    def verify(self):
        """Reads the whole disk."""
        handle = self.nbd.NBD()
        handle.connect_uri(self.pair.uri)
        for at in range(0, WRITER_BYTES, MIB):
            self.sectors.verify(handle.pread(MIB, at), at)
        handle.shutdown()

    def verify_fio(self):
        """Has fio read what it wrote last."""
        if self.fio_seed:
            self.fio("--verify_only=1")
            self.sectors.verified += FIO_BYTES

    def summary(self):
        sectors = self.sectors
        return "kill -9: %d kills (%s), %d MiB acknowledged, %d MiB verified, lost %d, wrong %d" % (
            sum(self.killed.values()),
            ", ".join("%d in %s" % (n, moment) for moment, n in self.killed.items()),
            self.acknowledged // MIB,
            sectors.verified // MIB,
            sectors.lost,
            sectors.wrong,
        )


def campaign(place, kills, seed):
    """Runs one; prints what it did, also when it fails."""
    try:
        import nbd
    except ImportError:
        raise Failed("python3-libnbd is not installed")
    print("      seed %d: interop/kill-campaign --kills %d --seed %d" % (seed, kills, seed), flush=True)
    it = Campaign(place, nbd, kills, seed)
    try:
        it.run()
    finally:
        print("      " + it.summary(), flush=True)
        figures(
            "kills",
            "kills by SIGKILL of the real program under load: %d (at least %d)" % (sum(it.killed.values()), kills),
            "bytes verified after them: %d" % it.sectors.verified,
            "acknowledged, then lost: %d (0)" % it.sectors.lost,
            "wrong: %d (0)" % it.sectors.wrong,
        )
