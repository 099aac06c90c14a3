"""What is claimed of every image, whatever it runs on."""
import argparse
import os
import re
import subprocess
import sys
import tempfile
import time

import cable as cables
from board import BoardError, Disk
from gateway import GatewayError
from mqtt import Client, MqttError
from report import Report

ALLOWED = {"22", "1883", "1884", "7512", "5353", "5355", "53", "68", "546"}  # SSH, MQTT, HTTP, mDNS, the resolver on loopback, DHCP
SERVICES = {"_mqtt._tcp": 1883, "_kuzzle._tcp": 7512}
STUB = 0x48


class BoxProof:
    """A disk with the image on it, larger than the image, and a key whose owner may log in once the box was told so."""

    def __init__(self, image, folder, report, patience):
        self.folder, self.report, self.patience = folder, report, patience
        self.disk = Disk(image, folder, 4096)
        self.key = os.path.join(folder, "key")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "owner", "-f", self.key], check=True)
        self.cable = cables.Cable()

    @classmethod
    def main(cls, title, patience):
        """Runs the proof as a program: 0 when every claim holds."""
        parser = argparse.ArgumentParser()
        parser.add_argument("--image", required=True)
        parser.add_argument("--report", required=True)
        parser.add_argument("--patience", type=int, default=patience)
        arguments = parser.parse_args()
        report = Report(title)
        report.fact("image", os.path.basename(arguments.image))
        where = os.path.dirname(os.path.abspath(arguments.report))
        os.makedirs(where, exist_ok=True)
        try:
            with tempfile.TemporaryDirectory(prefix="kuzzle-edge-image-", dir=where) as folder:
                cls(arguments.image, folder, report, arguments.patience).run()
        except (BoardError, GatewayError, MqttError, subprocess.SubprocessError) as fault:
            report.claim("the proof comes to its end", False, str(fault))
        report.write(arguments.report)
        print(f"test-image: {report.counts()}")
        sys.exit(1 if report.failed else 0)

    def is_same(self, claim, seen, wanted):
        self.report.claim(claim, seen == wanted, seen)

    # --- is it there? -----------------------------------------------------------------------------------------------------

    def first_connack(self, board, what):
        def connect():
            try:
                Client(board.ports[1883], "", seconds=5).close()
                return True
            except MqttError:
                return False

        board.wait("CONNACK", connect, self.patience)
        self.report.figure(f"power-on to the first CONNACK, {what}", f"{board.seconds():.0f} s, {board.processor_seconds():.0f} s of processor time")

    def try_ssh(self, board):
        try:
            return board.run("true", 60)[0] == 0
        except subprocess.TimeoutExpired:
            return False

    def boot_id(self, board):
        try:
            return board.run("cat /proc/sys/kernel/random/boot_id", 60)[1] if self.try_ssh(board) else ""
        except subprocess.TimeoutExpired:
            return ""

    def found(self, board, name):
        """A laptop on a bare cable finds the box by its name and its services."""
        questions = [(f"{name}.local", cables.AAAA)]
        for service in SERVICES:
            questions += [(f"{service}.local", cables.PTR), (f"{name}.{service}.local", cables.SRV), (f"{name}.{service}.local", cables.TXT)]

        def ask():
            answers = self.cable.ask(*questions)
            return answers if all(answers) else None

        addresses, *rest = board.wait(f"{name}.local on the cable", ask, board.seconds() + self.patience)
        for (service, port), names, places, texts in zip(SERVICES.items(), rest[0::3], rest[1::3], rest[2::3]):
            self.report.claim(f"on a bare cable a laptop finds {service} at {name}.local, by mDNS", f"{name}.{service}.local" in names and (f"{name}.local", port) in places,
                              f"{' '.join(sorted(addresses))}: {sorted(names)} {sorted(places)} {sorted(texts)}")

    # --- the system -------------------------------------------------------------------------------------------------------

    def running(self, board):
        state = board.run("systemctl is-system-running --wait", 600)[1]
        failed = board.sh("systemctl list-units --failed --plain --no-legend")
        self.report.claim("systemd calls the system running, without a failed unit", state == "running" and not failed, f"{state} {failed}".strip())
        self.report.figure("systemd's own account", board.sh("systemd-analyze time | head -1"))
        self.report.fact("slowest units", board.sh("systemd-analyze blame --no-pager | head -8").replace("\n", "; "))

    def on_card(self, board, name):
        return board.sh(f"cat /boot/firmware/{name} 2>/dev/null || true").strip()

    def system(self, board):
        size, used = board.sh("df --output=size,used -m /data | tail -1").split()
        self.report.claim("the data partition has grown to the card", int(size) > 2000, f"{size} MB, {used} MB used")
        self.report.claim("the system itself is read-only", board.run("touch /usr/x")[0] != 0, board.sh("findmnt -n -o FSTYPE,OPTIONS /"))
        kept = board.sh("findmnt -n -o TARGET -S /dev/disk/by-partlabel/data | sort | paste -sd ' '")
        wanted = {"/data", "/home", "/root", "/var/lib/kuzzle-edge", "/var/lib/systemd", "/var/log/journal"}
        self.report.claim("what changes is on the data partition", wanted <= set(kept.split()) and "/data/etc/upper" in board.sh("findmnt -n -o OPTIONS /etc"), kept)
        passwords = board.sh("cut -d: -f2 /etc/shadow | sort -u").split()
        self.report.claim("nobody has a password", all(re.fullmatch(r"[!*]+", password) for password in passwords), " ".join(passwords))
        listening = board.sh("ss -H -lntu | awk '{ print $5 }'").split()
        strangers = [address for address in listening if address.rsplit(":", 1)[1] not in ALLOWED]
        self.report.claim("nothing listens but SSH, MQTT, HTTP and mDNS", not strangers, " ".join(sorted(set(listening))))
        self.watched(board)
        self.is_same("the time is kept", board.sh("systemctl is-active systemd-timesyncd"), "active")

    def watched(self, board):
        watchdog = board.sh("systemctl show --property RuntimeWatchdogUSec --value; wdctl --noheadings --flags-only 2>/dev/null | head -1; cat /sys/class/watchdog/watchdog0/identity /sys/class/watchdog/watchdog0/state")
        self.report.claim("the hardware watchdog is on", watchdog.startswith("15s") and watchdog.endswith("\nactive"), watchdog.replace("\n", "; "))

    def thermometer(self, board):
        """The kernel of the image has a bus of simulated chips; the thermometer's own driver reads it. Returns the bus."""
        bus = board.sh(f"modprobe i2c-stub chip_addr={STUB:#x} && for i in $(seq 100); do grep -l 'SMBus stub' /sys/bus/i2c/devices/i2c-*/name && break; sleep 0.1; done")
        bus = re.search(r"i2c-(\d+)/", bus).group(1)
        board.sh(f"i2cset -y {bus} {STUB:#x} 0 0x8017 w && echo lm75 {STUB:#x} >/sys/bus/i2c/devices/i2c-{bus}/new_device")
        return bus

    # --- again ------------------------------------------------------------------------------------------------------------

    def restart(self, board):
        """Restarts the box as an operator would; it is the same one afterwards."""
        before, boot = self.identity(board), self.boot_id(board)
        board.started = time.monotonic()
        board.run("systemctl reboot")
        board.wait("another start", lambda: self.boot_id(board) not in ("", boot), self.patience, 3)
        self.has_stayed(board, before)

    def identity(self, board):
        return board.sh("cat /etc/machine-id; ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub").replace("\n", " ")

    def has_stayed(self, board, before):
        self.is_same("a reboot keeps the box's identity and host keys", self.identity(board), before)

    def logs(self, board, starts):
        boots = board.sh("journalctl --list-boots --no-pager --quiet | wc -l")
        self.report.claim("and the log of earlier starts", int(boots) >= starts, f"{boots} starts")

    def clean(self):
        wrong = self.disk.check_data(self.folder)
        self.report.claim("the file system is clean", wrong is None, wrong or "e2fsck has nothing to say")
