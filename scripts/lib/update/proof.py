"""Updates the amd64 image in the emulator, well and badly, and looks at what becomes of the box. See docs/image.md."""
import argparse
import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "guest"))
from machine import GuestError, Machine  # noqa: E402
from report import Report  # noqa: E402
import disk as disks  # noqa: E402

CONFIGURATION = '{ "security": { "freshRights": "open" } }\n'
BOOT_SECONDS = 900
# As long as the box itself waits for a new slot, and its two starts around that.
TRIAL_SECONDS = 1800


class Box:
    """The appliance under QEMU. A restart of the guest ends QEMU; start() is the next one."""

    def __init__(self, arguments, folder, disk):
        self.folder, self.disk, self.arguments = folder, disk, arguments
        self.machine = None
        self.starts = 0

    def start(self, until_up=True):
        self.stop()
        self.starts += 1
        place = os.path.join(self.folder, f"start-{self.starts}")
        os.mkdir(place)
        # writeback: what the guest has flushed is with the host and survives the emulator's death; what it has not is lost, as on a card.
        self.machine = Machine([
            "nice", "-n", "5", self.arguments.emulator, "-M", "q35", "-cpu", "max", "-accel", "tcg,thread=multi", "-smp", "2", "-m", "1024",
            "-bios", self.arguments.firmware, "-drive", f"file={self.disk},if=virtio,format=raw,cache=writeback",
            "-nic", f"user,model=virtio-net-pci,restrict=on,guestfwd=tcp:10.0.2.100:80-tcp:127.0.0.1:{self.arguments.port}"], place)
        return self.machine.wait_until_up(BOOT_SECONDS) if until_up else None

    def stop(self):
        if self.machine is not None:
            self.machine.kill()
            self.machine = None

    def sh(self, script, seconds=120):
        return self.machine.sh(script, seconds)

    def run(self, script, seconds=120):
        return self.machine.run(script, seconds)

    def wait_for_end(self, seconds):
        """Until the guest restarts, which ends QEMU; returns whether it did."""
        try:
            self.machine.process.wait(seconds)
            return True
        except subprocess.TimeoutExpired:
            return False

    def until(self, script, seconds):
        """Until a command succeeds in the guest; returns the seconds it took, or None."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if self.run(script)[0] == 0:
                return time.monotonic() - began
            time.sleep(2)
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
        disk = os.path.join(folder, "disk.img")
        disks.prepare(arguments.image, disk, 6 << 30, CONFIGURATION)
        self.box = Box(arguments, folder, disk)

    def bundle(self, name, changes=(), key=None):
        root = os.path.join(self.folder, f"{name}.ext4")
        subprocess.run(["cp", "--sparse=always", self.arguments.root, root], check=True)
        if changes:
            disks.write_into(root, changes)
        made = os.path.join(self.folder, f"{name}.raucb")
        keys = key or self.arguments.keys
        subprocess.run(["image/bundle", "--root", root, "--version", name, "--key", f"{keys}/key.pem", "--certificate", f"{keys}/certificate.pem", "--output", made],
                       check=True, stdout=subprocess.DEVNULL)
        os.remove(root)
        return made

    def bring(self, bundle):
        """Fetches a bundle into the box."""
        name = os.path.basename(bundle)
        self.box.sh(f"mkdir -p /data/test && cd /data/test && rm -f *.raucb && busybox wget -q -O {name} http://10.0.2.100/{name} && sync", 900)
        return f"/data/test/{name}"

    def install(self, bundle, seconds=1800):
        return self.box.run(f"kuzzle-edge update install {self.bring(bundle)}", seconds)

    def store(self, name):
        """A document that is acknowledged."""
        self.ask({"controller": "index", "action": "create", "index": "kept"})
        self.ask({"controller": "collection", "action": "create", "index": "kept", "collection": "things"})
        return self.ask({"controller": "document", "action": "create", "index": "kept", "collection": "things", "_id": name, "body": {"name": name}})

    def ask(self, body):
        code, said = self.box.run(f"busybox wget -q -O - --header Content-Type:application/json --post-data '{json.dumps(body)}' http://127.0.0.1:7512/_query", 60)
        return json.loads(said) if code == 0 else {"error": said}

    def kept(self):
        found = self.ask({"controller": "document", "action": "search", "index": "kept", "collection": "things", "body": {}})
        return sorted(hit["_id"] for hit in found["result"]["hits"]) if found.get("result") else [str(found.get("error"))]

    def serving(self):
        return self.box.until("kuzzle-edge update healthy", 600)

    def proven(self):
        """Until the box has called its slot good."""
        return self.box.until("journalctl -b -u kuzzle-edge-trial --no-pager -o cat | grep -q 'marked slot.*as good'", 900)

    def restart_into(self):
        """The restart that takes an update in; returns the seconds until the shell is there."""
        self.box.run("systemctl reboot", 60) if self.box.machine.process.poll() is None else None
        if not self.box.wait_for_end(300):
            raise GuestError("the box does not restart")
        return self.box.start()

    def all(self):
        report, box = self.report, self.box
        report.figure("from power on to a shell, first start", f"{box.start():.0f} s")
        report.claim("the flashed slot comes up and is good", self.serving() is not None and self.proven() is not None and box.slot() == "A", f"slot {box.slot()}")
        self.store("before")
        self.stranger()
        self.good()
        self.dead_service()
        self.panic()
        self.power_cut()
        report.claim("after all that, everything that was acknowledged is there", self.kept() == ["after-good", "after-panic", "before"], ", ".join(self.kept()))
        code, said = box.run("systemctl --failed --no-legend --plain")
        report.claim("no unit has failed", code == 0 and said == "", said or "none")

    def stranger(self):
        code, said = self.install(self.bundle("9.9-stranger", key=self.arguments.strangers))
        self.report.claim("a bundle that a stranger has signed is refused", code != 0 and "signature" in said.lower() or "certificate" in said.lower(), said.splitlines()[-1] if said else "")
        self.report.claim("and changes nothing", self.box.run("test ! -e /data/rauc/trial")[0] == 0, "no slot is on trial")

    def good(self):
        bundle = self.bundle("9.1-good")
        self.report.figure("size of a bundle", f"{os.path.getsize(bundle) / 1e6:.0f} MB")
        began = time.monotonic()
        code, said = self.install(bundle)
        self.report.claim("a good update is installed", code == 0, said.splitlines()[-1])
        self.report.figure("installing it", f"{time.monotonic() - began:.0f} s")
        self.report.figure("from restart to a shell, after an update", f"{self.restart_into():.0f} s")
        self.report.claim("the box runs the other slot", self.box.slot() == "B", f"slot {self.box.slot()}")
        seconds = self.proven()
        self.report.claim("it proves itself", seconds is not None and self.box.run("test ! -e /data/rauc/trial")[0] == 0, f"after {seconds or 0:.0f} s more")
        self.report.claim("the data are there", self.kept() == ["before"], ", ".join(self.kept()))
        self.store("after-good")
        self.report.claim("the state says so", "9.1-good" in self.box.sh("kuzzle-edge update status"), self.box.sh("kuzzle-edge update status").splitlines()[3])

    def falls_back(self, name, starts):
        """The box comes back to slot B by itself, in so many starts; returns the seconds."""
        began = time.monotonic()
        for attempt in range(1, starts + 1):
            self.box.start(until_up=False)
            if self.box.wait_for_end(TRIAL_SECONDS if attempt < starts else 1):
                continue
            break
        self.box.machine.wait_until_up(BOOT_SECONDS)
        seconds = time.monotonic() - began
        slot = self.box.slot()
        self.report.claim(f"{name}: the box goes back by itself", slot == "B" and self.serving() is not None, f"slot {slot} after {seconds:.0f} s and {attempt} starts")
        self.box.until("test -e /data/rauc/rolled-back", 300)
        said = self.box.sh("kuzzle-edge update status")
        self.report.claim(f"{name}: the state says so", "given up" in said, said.splitlines()[-1])

    def dead_service(self):
        code, said = self.install(self.bundle("9.2-dead", [
            ("/usr/bin/kuzzle-edge", "#!/bin/sh\nexit 1\n", 0o755)]))
        self.report.claim("a service that exits at once: the update is installed", code == 0, said.splitlines()[-1])
        self.box.run("systemctl reboot", 60)
        self.box.wait_for_end(300)
        self.falls_back("a service that exits at once", 2)

    def panic(self):
        code, said = self.install(self.bundle("9.3-panic", [
            ("/usr/lib/systemd/systemd", "#!/bin/sh\necho 'early panic'; mount -t proc proc /proc; echo c >/proc/sysrq-trigger; sleep 60\n", 0o755)]))
        self.report.claim("a kernel that panics early: the update is installed", code == 0, said.splitlines()[-1])
        self.box.run("systemctl reboot", 60)
        self.box.wait_for_end(300)
        self.falls_back("a kernel that panics early", 4)
        self.store("after-panic")

    def power_cut(self):
        bundle = self.bundle("9.4-cut")
        for percent in (40, 90):
            there = self.bring(bundle)
            self.box.sh(f"systemd-run --unit=cut-{percent} sh -c 'kuzzle-edge update install {there} >/run/cut 2>&1'")
            seconds = self.box.until(f"grep -Eq '^installing: ({percent}|{percent + 5}|9[0-9]) %' /run/cut || test $(( $(cut -d ' ' -f 7 /sys/class/block/vda2/stat) / 2048 )) -ge {int(768 * percent / 100)}", 1800)
            written = self.box.sh("cut -d ' ' -f 7 /sys/class/block/vda2/stat | awk '{ print int($1 / 2048) }'")
            self.box.stop()  # SIGKILL: the power cut
            self.box.start()
            slot = self.box.slot()
            self.report.claim(f"a power cut with {written} MB of the slot written: the old system comes up", seconds is not None and slot == "B" and self.serving() is not None, f"slot {slot}")
            self.box.until("test -e /data/rauc/rolled-back", 300)
        code, said = self.install(bundle)
        self.report.claim("and the update can be installed again", code == 0, said.splitlines()[-1])
        self.restart_into()
        self.report.claim("and comes up", self.proven() is not None and self.box.slot() == "A", f"slot {self.box.slot()}")


def main():
    parser = argparse.ArgumentParser()
    for name in ("image", "root", "keys", "strangers", "report", "emulator", "firmware"):
        parser.add_argument(f"--{name}", required=True)
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="kuzzle-edge-update-")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    arguments.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
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
        server.shutdown()
        os.makedirs(os.path.dirname(os.path.abspath(arguments.report)), exist_ok=True)
        report.write(arguments.report)
        shutil.rmtree(folder)
    print(report.counts())
    return 1 if report.failed else 0


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


if __name__ == "__main__":
    sys.exit(main())
