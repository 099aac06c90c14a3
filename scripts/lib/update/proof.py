"""Updates the amd64 image in the emulator, well and badly, and looks at what becomes of the box. See docs/image.md."""
import argparse
import contextlib
import fcntl
import functools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "guest"))
from machine import GuestError, Machine  # noqa: E402
from report import Report  # noqa: E402
import disk as disks  # noqa: E402

CONFIGURATION = '{ "security": { "freshRights": "open" } }\n'
BOOT_SECONDS = 900
# As long as the box itself waits for a new slot, and its two starts around that.
TRIAL_SECONDS = 1800
SERVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "serve.py")
CASES = ["stranger", "good", "dead_service", "panic", "power_cut"]


class Box:
    """The appliance under QEMU. start() switches the power on; a restart of the guest is a reset, as on a board."""

    def __init__(self, arguments, folder, disk):
        self.folder, self.disk, self.arguments = folder, disk, arguments
        self.machine = None
        self.starts = 0

    @contextlib.contextmanager
    def turn(self):
        """Waits until no other guest holds the lock; QEMU inherits it, and it ends with QEMU."""
        if self.arguments.turn is None:
            yield ()
            return
        with open(self.arguments.turn, "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield (lock.fileno(),)

    def start(self):
        """Switches it on. Returns the seconds until its shell is there."""
        self.stop()
        self.starts += 1
        place = os.path.join(self.folder, f"start-{self.starts}")
        os.mkdir(place)
        # writeback: what the guest has flushed is with the host and survives the emulator's death; what it has not is lost, as on a card.
        # The watchdog of the board is out: it counts this machine's seconds, of which a busy one may give the emulator none for longer than a board is ever silent.
        with self.turn() as lock:
            self.machine = Machine([
                "nice", "-n", "5", self.arguments.emulator, "-M", "q35", "-cpu", "max,la57=off", "-accel", "tcg,thread=multi", "-smp", "2", "-m", "1024", "-watchdog-action", "none",
                "-bios", self.arguments.firmware, "-drive", f"file={self.disk},if=virtio,format=raw,cache=writeback",
                # A program for each connection: a forward to a port would be one connection for all of the guest's life.
                "-nic", f"user,model=virtio-net-pci,restrict=on,guestfwd=tcp:10.0.2.100:80-cmd:{sys.executable} -B {SERVER} {self.folder}"], place, lock)
        self.machine.qmp("set-action", reboot="reset")
        return self.machine.wait_until_up(BOOT_SECONDS)

    def stop(self):
        if self.machine is not None:
            self.machine.kill()
            self.machine = None

    def sh(self, script, seconds=120):
        return self.machine.sh(script, seconds)

    def run(self, script, seconds=120):
        return self.machine.run(script, seconds)

    def slots_started(self):
        """What the boot loader has said since the power was switched on: the slot of each start."""
        return re.findall(r"Kuzzle\.Edge: starting slot ([AB])", self.console())

    def wait_for_start(self, over, seconds):
        """Until the boot loader has started a slot for which over() of all that were started is true; returns the time of it."""
        deadline = time.monotonic() + seconds
        while not over(self.slots_started()):
            if time.monotonic() > deadline:
                raise GuestError(f"in {seconds} s the boot loader has started only {', '.join(self.slots_started())}")
            self.machine.check_alive()
            time.sleep(1)
        self.machine.forget()  # What the shell of an earlier start has said.
        return time.monotonic()

    def until(self, script, seconds, pause=5):
        """Until a command succeeds in the guest; returns the seconds it took, or None. The command should be a light one: the guest has better things to do."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if self.run(script)[0] == 0:
                return time.monotonic() - began
            time.sleep(pause)
        return None

    def slot(self):
        return self.sh("sed -n 's/.*rauc.slot=\\([^ ]*\\).*/\\1/p' /proc/cmdline")

    def status(self):
        return json.loads(self.sh("rauc status --detailed --output-format=json"))

    def console(self):
        with open(os.path.join(self.folder, f"start-{self.starts}", "console.log"), errors="replace") as log:
            return log.read()


class Proof:
    def __init__(self, arguments, folder, report):
        self.arguments, self.folder, self.report = arguments, folder, report
        self.home = None        # the slot that runs, and that the box is to come back to
        self.acknowledged = []  # documents that must be there to the end
        disk = os.path.join(folder, "disk.img")
        disks.prepare(arguments.image, arguments.root, disk, 6 << 30, CONFIGURATION)
        self.box = Box(arguments, folder, disk)

    @functools.cache
    def bundle(self, name, *changes):
        """A signed update: the image's own system with files of it changed."""
        root = os.path.join(self.folder, f"{name}.ext4")
        subprocess.run(["cp", "--sparse=always", self.arguments.root, root], check=True)
        if changes:
            disks.write_into(root, changes)
        made = os.path.join(self.folder, f"{name}.raucb")
        keys = self.arguments.keys
        subprocess.run(["image/bundle", "--root", root, "--version", name, "--key", f"{keys}/key.pem", "--certificate", f"{keys}/certificate.pem", "--output", made],
                       check=True, stdout=subprocess.DEVNULL)
        os.remove(root)
        return made

    def good_bundle(self):
        return self.bundle("9.1-good")

    def dead_bundle(self):
        return self.bundle("9.2-dead", ("/usr/bin/kuzzle-edge", "#!/bin/sh\nexit 1\n", 0o755))

    def panic_bundle(self):
        return self.bundle("9.3-panic", (
            "/usr/lib/systemd/systemd", "#!/bin/sh\necho 'early panic'; mount -t proc proc /proc; echo c >/proc/sysrq-trigger; sleep 60\n", 0o755))

    @functools.cache
    def stranger_bundle(self):
        """The good one with another's signature."""
        made = os.path.join(self.folder, "9.9-stranger.raucb")
        strangers = self.arguments.strangers
        disks.run("rauc", "resign", f"--keyring={self.arguments.keys}/certificate.pem", f"--signing-keyring={strangers}/certificate.pem",
                  f"--cert={strangers}/certificate.pem", f"--key={strangers}/key.pem", self.good_bundle(), made)
        return made

    def bring(self, bundle):
        """Fetches a bundle into the box."""
        name = os.path.basename(bundle)
        self.box.sh(f"mkdir -p /data/test && cd /data/test && rm -f *.raucb && busybox wget -q -O {name} http://10.0.2.100/{name} && sync", 900)
        return f"/data/test/{name}"

    def install(self, bundle, seconds=1800):
        there = self.bring(bundle)
        began = time.monotonic()
        code, said = self.box.run(f"kuzzle-edge update install {there}", seconds)
        return code, said.splitlines()[-1] if said else f"nothing, exit code {code}", time.monotonic() - began

    def store(self, name):
        """A document that is acknowledged."""
        self.ask({"controller": "index", "action": "create", "index": "kept"})
        self.ask({"controller": "collection", "action": "create", "index": "kept", "collection": "things"})
        answer = self.ask({"controller": "document", "action": "create", "index": "kept", "collection": "things", "_id": name, "body": {"name": name}})
        if answer.get("status") != 200:
            raise GuestError(f"the document {name} was not stored: {answer}")
        self.acknowledged.append(name)

    def ask(self, body):
        code, said = self.box.run(f"busybox wget -q -O - --header Content-Type:application/json --post-data '{json.dumps(body)}' http://127.0.0.1:7512/_query", 60)
        return json.loads(said) if code == 0 else {"error": said}

    def claim_kept(self, claim):
        found = self.ask({"controller": "document", "action": "search", "index": "kept", "collection": "things", "body": {}})
        kept = sorted(hit["_id"] for hit in found["result"]["hits"]) if found.get("result") else [str(found.get("error"))]
        self.report.claim(claim, kept == sorted(self.acknowledged), ", ".join(kept))

    def serving(self):
        return self.box.until("busybox wget -q -O - http://127.0.0.1:7512/_ready", 600)

    def proven(self):
        """Until the box has called its slot good."""
        ended = self.box.until("test $(systemctl show --value -p ExecMainExitTimestampMonotonic kuzzle-edge-trial) != 0", 900)
        return ended if ended is not None and self.box.run("journalctl -b -u kuzzle-edge-trial --no-pager -o cat | grep -q 'marked slot.*as good'")[0] == 0 else None

    def restart(self):
        """Until the boot loader starts the next slot; returns the time of that."""
        before = len(self.box.slots_started())
        with contextlib.suppress(GuestError):  # The shell may end before it answers.
            self.box.run("systemctl reboot", 60)
        return self.box.wait_for_start(lambda started: len(started) > before, 600)

    def come_up(self, since):
        """Until the shell is there; returns the seconds."""
        self.box.machine.wait_until_up(BOOT_SECONDS)
        return time.monotonic() - since

    def all(self):
        report, box = self.report, self.box
        began = time.monotonic()
        bundles = [getattr(self, name)() for name in ("good_bundle", "dead_bundle", "panic_bundle")]
        self.stranger_bundle()
        report.figure("making a bundle", f"{(time.monotonic() - began) / len(bundles):.0f} s, {os.path.getsize(bundles[0]) / 1e6:.0f} MB")
        report.figure("from power on to a shell, first start", f"{box.start():.0f} s")
        self.home = box.slot()
        serving = self.serving()
        if not report.claim("the flashed slot comes up and serves", serving is not None and self.home == "A", f"slot {self.home}"):
            print(box.run("systemctl status --no-pager --lines=20 kuzzle-edge; systemctl --failed --no-pager")[1], file=sys.stderr)
        report.claim("and is good", self.proven() is not None, "no trial for what was flashed")
        self.store("before")
        for case in self.arguments.cases:
            began = time.monotonic()
            getattr(self, case)()
            report.figure(f"the case \"{case}\"", f"{time.monotonic() - began:.0f} s")
        self.claim_kept("after all that, everything that was acknowledged is there")
        code, said = box.run("systemctl --failed --no-legend --plain")
        report.claim("no unit has failed", code == 0 and said == "", said or "none")

    def stranger(self):
        code, said, _ = self.install(self.stranger_bundle())
        self.report.claim("a bundle that a stranger has signed is refused", code != 0 and ("signature" in said.lower() or "certificate" in said.lower()), said)
        self.report.claim("and changes nothing", self.box.run("test ! -e /data/rauc/trial")[0] == 0, "no slot is on trial")

    def good(self):
        code, said, seconds = self.install(self.good_bundle())
        self.report.claim("a good update is installed", code == 0, said)
        self.report.figure("installing it", f"{seconds:.0f} s")
        self.report.figure("from restart to a shell, after an update", f"{self.come_up(self.restart()):.0f} s")
        self.moved("the box runs the other slot", "it proves itself")
        self.claim_kept("the data are there")
        self.store("after-good")
        said = self.box.sh("kuzzle-edge update status")
        self.report.claim("the state says so", "9.1-good" in said, " / ".join(line.strip() for line in said.splitlines()))

    def moved(self, runs, proves):
        before, self.home = self.home, self.box.slot()
        self.report.claim(runs, self.home != before, f"slot {self.home}")
        seconds = self.proven()
        good = seconds is not None and self.box.run("test ! -e /data/rauc/trial")[0] == 0
        self.report.claim(proves, good, f"marked good {seconds:.0f} s later" if good else self.box.run("journalctl -b -u kuzzle-edge-trial --no-pager -o cat")[1])

    def falls_back(self, name, attempts):
        """After a restart into the new slot, the box comes back to the one that it came from by itself, after so many attempts."""
        before = len(self.box.slots_started())
        began = self.restart()
        self.box.wait_for_start(lambda started: len(started) > before and started[-1] == self.home, TRIAL_SECONDS)
        self.box.machine.wait_until_up(BOOT_SECONDS)
        seconds = time.monotonic() - began
        slot, started = self.box.slot(), self.box.slots_started()[before:]
        right = slot == self.home and len(started) == attempts + 1 and self.serving() is not None
        self.report.claim(f"{name}: the box goes back by itself", right, f"slot {slot} after {seconds:.0f} s; the boot loader started {', '.join(started)}")
        self.box.until("test -e /data/rauc/rolled-back", 300)
        said = self.box.sh("kuzzle-edge update status")
        self.report.claim(f"{name}: the state says so", "given up" in said, said.splitlines()[-1])

    def dead_service(self):
        name = "a service that exits at once"
        code, said, _ = self.install(self.dead_bundle())
        self.report.claim(f"{name}: the update is installed", code == 0, said)
        self.falls_back(name, 1)
        self.store("after-dead-service")

    def panic(self):
        name = "a kernel that panics early"
        code, said, _ = self.install(self.panic_bundle())
        self.report.claim(f"{name}: the update is installed", code == 0, said)
        self.falls_back(name, 3)
        self.store("after-panic")

    def power_cut(self):
        bundle = self.good_bundle()
        partition = "vda3" if self.home == "A" else "vda2"
        written = f"awk '{{ print int($7 / 2048) }}' /sys/class/block/{partition}/stat"
        for megabytes in (100, 450):  # Of 768, which takes less than half a minute.
            there = self.bring(bundle)
            self.box.sh(f"systemd-run --unit=cut-{megabytes} sh -c 'kuzzle-edge update install {there} >/run/cut 2>&1'")
            reached = self.box.until(f"test $({written}) -ge {megabytes} || ! systemctl is-active --quiet cut-{megabytes}", 1800, pause=0.2)
            amount, said = self.box.sh(written), self.box.run("tail -n 1 /run/cut")[1]
            amid = reached is not None and self.box.run(f"systemctl is-active --quiet cut-{megabytes}")[0] == 0
            self.box.stop()  # SIGKILL: the power cut
            self.box.start()
            slot = self.box.slot()
            self.report.claim(f"a power cut with {amount} MB of the slot written: the old system comes up",
                              amid and slot == self.home and self.serving() is not None, f"slot {slot}; the installation had said \"{said}\"")
            given_up = self.box.until("test -e /data/rauc/rolled-back", 300)
            self.report.claim("and the half-written slot is not to be started", given_up is not None and self.proven() is not None and self.other_is_bad(), "given up")
        code, said, _ = self.install(bundle)
        self.report.claim("the update can be installed again", code == 0, said)
        self.come_up(self.restart())
        self.moved("the box runs the slot that was half-written", "and it proves itself")

    def other_is_bad(self):
        return any(slot.get("boot_status") == "bad" for one in self.box.status()["slots"] for slot in one.values())


def main():
    parser = argparse.ArgumentParser()
    for name in ("image", "root", "keys", "strangers", "report", "emulator", "firmware"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--turn")
    parser.add_argument("--cases", type=lambda text: text.replace("-", "_").split(","), default=CASES)
    arguments = parser.parse_args()
    unknown = [case for case in arguments.cases if case not in CASES]
    if unknown:
        parser.error(f"no case {', '.join(unknown)}; there are {', '.join(CASES)}")

    # A signal ends the program like an exception, so that everything below is undone.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))

    folder = tempfile.mkdtemp(prefix="kuzzle-edge-update-")
    report = Report("Updates, good and bad")
    proof = None
    try:
        proof = Proof(arguments, folder, report)
        proof.all()
    except (GuestError, subprocess.CalledProcessError, LookupError) as fault:
        report.claim("the proof could be brought to its end", False, str(fault))
        if proof is not None and proof.box.machine is not None:
            print(proof.box.console()[-3000:], file=sys.stderr)
    finally:
        if proof is not None:
            proof.box.stop()
        os.makedirs(os.path.dirname(os.path.abspath(arguments.report)), exist_ok=True)
        report.write(arguments.report)
        shutil.rmtree(folder)
    print(report.counts())
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
