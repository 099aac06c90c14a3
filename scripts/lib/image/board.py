"""A computer that starts from the image: firmware, boot loader and all, under QEMU. Nothing of it is driven but by network, power switch and what its screen shows."""
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import time

FIRMWARE = "/usr/share/OVMF/OVMF_CODE_4M.fd"
VARIABLES = "/usr/share/OVMF/OVMF_VARS_4M.fd"


class BoardError(Exception):
    """The board did not do what it should; the text says what."""


def free_port():
    """A port of this machine that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_turn():
    """Where KUZZLE_EDGE_EMULATOR_LOCK names a file, one board at a time runs on this machine: who has the file locked. Its clock begins when its turn does."""
    path = os.environ.get("KUZZLE_EDGE_EMULATOR_LOCK")
    if not path:
        return None
    lock = open(path, "w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


class Disk:
    """A copy of the image as it would be on a card, which is larger."""

    def __init__(self, image, folder, megabytes):
        self.path = os.path.join(folder, "disk.img")
        subprocess.run(["cp", "--sparse=always", image, self.path], check=True)
        os.truncate(self.path, megabytes << 20)
        self.table = json.loads(subprocess.run(["sfdisk", "--json", image], check=True, capture_output=True, text=True).stdout)["partitiontable"]["partitions"]

    def offset(self, name):
        """Where a partition begins, in bytes."""
        return next(partition["start"] * 512 for partition in self.table if partition["name"] == name)

    def put(self, source, name):
        """Puts a file onto the partition that every computer can write."""
        subprocess.run(["mcopy", "-o", "-i", f"{self.path}@@{self.offset('firmware')}", source, f"::/{name}"], check=True)

    def read(self, name):
        """A file of that partition, or None."""
        done = subprocess.run(["mtype", "-i", f"{self.path}@@{self.offset('firmware')}", f"::/{name}"], capture_output=True)
        return done.stdout.decode() if done.returncode == 0 else None

    def check_data(self, folder):
        """Replays the journal of a copy of "data" as the next start would, and looks at every byte of its structure. Returns what is wrong; None when nothing is."""
        copy = os.path.join(folder, "data.img")
        subprocess.run(["dd", f"if={self.path}", f"of={copy}", "bs=1M", f"skip={self.offset('data') >> 20}", "conv=sparse", "status=none"], check=True)
        try:
            replayed = subprocess.run(["e2fsck", "-p", copy], capture_output=True, text=True)
            checked = subprocess.run(["e2fsck", "-f", "-n", copy], capture_output=True, text=True)
        finally:
            os.unlink(copy)
        if replayed.returncode > 1 or checked.returncode != 0:
            return f"e2fsck -p: {replayed.returncode} {replayed.stdout.strip()}; e2fsck -fn: {checked.returncode} {checked.stdout.strip()}"
        return None


class Board:
    """One power-on, from the switch to the plug."""

    def __init__(self, disk, folder, key=None, devices=(), memory=1024):
        self.folder, self.key = folder, key
        self.ports = {inside: free_port() for inside in (22, 1883, 1884, 7512)}
        self.console = os.path.join(folder, "console.log")
        self.log = os.path.join(folder, "qemu.log")
        self.control = None
        socket_path = os.path.join(folder, "qmp")
        variables = os.path.join(folder, "variables.fd")
        if not os.path.exists(variables):
            shutil.copyfile(VARIABLES, variables)
        if os.path.exists(self.console):
            os.replace(self.console, self.console + ".before")
        forwards = "".join(f",hostfwd=tcp:127.0.0.1:{outside}-:{inside}" for inside, outside in self.ports.items())
        command = [
            "nice", "-n", os.environ.get("BOARD_NICE", "5"),
            "qemu-system-x86_64", "-M", "q35", "-cpu", "max", "-accel", "tcg,thread=multi", "-smp", "2", "-m", str(memory),
            "-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={FIRMWARE}", "-drive", f"if=pflash,format=raw,unit=1,file={variables}",
            # What the guest flushed is in this machine's memory and outlives the emulator; what it did not is lost, as on a card.
            "-drive", f"if=virtio,format=raw,cache=writeback,file={disk.path}",
            "-netdev", f"user,id=net,restrict=on{forwards}", "-device", "virtio-net-pci,netdev=net,romfile=",
            # The watchdog counts this machine's seconds, and an emulator may get no processor for longer than the 15 that a system on a board never misses.
            "-watchdog-action", "none",
            *devices, "-display", "none", "-monitor", "none",
            "-serial", f"file:{self.console}", "-qmp", f"unix:{socket_path},server=on,wait=off",
        ]
        self.turn = wait_for_turn()
        self.started = time.monotonic()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        self.socket_path = socket_path

    def seconds(self):
        """Since power-on."""
        return time.monotonic() - self.started

    def processor_seconds(self):
        """What QEMU has used: says more than the clock where others use this machine too."""
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def check_alive(self):
        if self.process.poll() is not None:
            with open(self.log, errors="replace") as log:
                raise BoardError(f"QEMU ended with {self.process.returncode}: {log.read().strip()[-500:]}")

    def screen(self):
        """What was shown on the console since power-on."""
        if not os.path.exists(self.console):
            return ""
        with open(self.console, errors="replace") as console:
            return console.read()

    def wait(self, what, ready, seconds, pause=0.5):
        """Asks again and again, from power-on at the latest so many seconds; returns what it got."""
        while True:
            self.check_alive()
            got = ready()
            if got:
                return got
            if self.seconds() > seconds:
                raise BoardError(f"no {what} within {seconds} s of power-on; the console ends with: {self.screen()[-800:]!r}")
            time.sleep(pause)

    def run(self, script, seconds=180):
        """Runs shell commands as root, through SSH as an operator would; returns exit code and output."""
        command = ["ssh", "-i", self.key, "-p", str(self.ports[22]), "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
                   "-o", "BatchMode=yes", "-o", "ConnectTimeout=60", "root@127.0.0.1", script]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds)
        return done.returncode, (done.stdout + done.stderr).rstrip("\n")

    def sh(self, script, seconds=180):
        """Runs shell commands that must succeed; returns their output."""
        code, said = self.run(script, seconds)
        if code != 0:
            raise BoardError(f"on the board: {script}: exit code {code}: {said}")
        return said

    def qmp(self, command, **arguments):
        """One command to QEMU itself; returns what it answers."""
        if self.control is None:
            self.control = socket.socket(socket.AF_UNIX)
            self.control.connect(self.socket_path)
            self.lines = self.control.makefile("rw")
            self.lines.readline()
            self.qmp("qmp_capabilities")
        self.lines.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.lines.flush()
        while True:
            answer = json.loads(self.lines.readline())
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise BoardError(f"{command}: {answer['error']['desc']}")

    def pull_plug(self):
        """Ends QEMU at once, whatever it is doing."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        if self.control is not None:
            self.control.close()
            self.control = None
        if self.turn is not None:
            self.turn.close()
            self.turn = None

    def press_power_button(self, seconds=180):
        """Asks the board to shut down and waits until it has."""
        self.qmp("system_powerdown")
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired as fault:
            raise BoardError(f"the board did not shut down within {seconds} s") from fault

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.pull_plug()
