"""A computer that starts from the image: firmware, boot loader and all, under QEMU. Nothing of it is driven but by network, power switch and what its screen shows."""
import fcntl
import json
import os
import re
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

    def size(self, name):
        """Of a partition as the image has it, in bytes."""
        return next(partition["size"] * 512 for partition in self.table if partition["name"] == name)

    def put(self, source, name):
        """Puts a file onto the partition that every computer can write."""
        subprocess.run(["mcopy", "-o", "-i", f"{self.path}@@{self.offset('firmware')}", source, f"::/{name}"], check=True)

    def take(self, name, target):
        """Copies a file of that partition."""
        subprocess.run(["mcopy", "-o", "-i", f"{self.path}@@{self.offset('firmware')}", f"::/{name}", target], check=True)

    def write_into_data(self, files, folder):
        """Writes files onto "data" as somebody would who has the card in hand. files: path and content."""
        data = os.path.join(folder, "data.img")
        subprocess.run(["dd", f"if={self.path}", f"of={data}", "bs=1M", f"skip={self.offset('data') >> 20}", f"count={self.size('data') >> 20}", "conv=sparse", "status=none"], check=True)
        commands = []
        for number, (path, content) in enumerate(files.items()):
            source = os.path.join(folder, f"content-{number}")
            with open(source, "w") as out:
                out.write(content)
            parts = path.strip("/").split("/")
            commands += [f"mkdir /{'/'.join(parts[:depth])}" for depth in range(1, len(parts))] + [f"write {source} {path}"]
        subprocess.run(["debugfs", "-w", "-f", "-", data], input="\n".join(commands) + "\n", text=True, check=True, capture_output=True)
        subprocess.run(["dd", f"if={data}", f"of={self.path}", "bs=1M", f"seek={self.offset('data') >> 20}", "conv=notrunc", "status=none"], check=True)
        os.unlink(data)

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
    """One power-on, from the switch to the plug, of a small PC."""

    FORWARDED = (22, 1883, 1884, 7512)

    def __init__(self, disk, folder, key=None, cable=None):
        self.disk, self.folder, self.key = disk, folder, key
        self.ports = {inside: free_port() for inside in self.FORWARDED}
        self.console = os.path.join(folder, "console.log")
        self.log = os.path.join(folder, "qemu.log")
        self.control = None
        self.socket_path = os.path.join(folder, "qmp")
        if os.path.exists(self.console):
            os.replace(self.console, self.console + ".before")
        forwards = "".join(f",hostfwd=tcp:127.0.0.1:{outside}-:{inside}" for inside, outside in self.ports.items())
        command = [
            "nice", "-n", os.environ.get("BOARD_NICE", "5"), *self.machine(), "-netdev", f"user,id=net,restrict=on{forwards}", "-device", f"{self.CARD},netdev=net",
            "-display", "none", "-monitor", "none", "-qmp", f"unix:{self.socket_path},server=on,wait=off",
        ]
        if cable is not None:
            command += ["-netdev", cable.netdev("cable"), "-device", f"{self.CARD},netdev=cable"]
        self.turn = wait_for_turn()
        self.started = time.monotonic()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)

    CARD = "virtio-net-pci,romfile="

    def machine(self):
        """The computer without its network."""
        variables = os.path.join(self.folder, "variables.fd")
        if not os.path.exists(variables):
            shutil.copyfile(VARIABLES, variables)
        return [
            # No screen: drawing on one that nobody sees took an emulated processor up to a minute.
            "qemu-system-x86_64", "-M", "q35", "-nodefaults",
            # All that an emulated processor can do, AVX2 among it, without which .NET takes several times as long; but neither guests of its own nor page tables of five levels.
            "-cpu", "max,svm=off,la57=off", "-accel", "tcg,thread=multi", "-smp", os.environ.get("BOARD_PROCESSORS", "2"), "-m", "1024",
            "-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={FIRMWARE}", "-drive", f"if=pflash,format=raw,unit=1,file={variables}",
            # What the guest flushed is in this machine's memory and outlives the emulator; what it did not is lost, as on a card.
            "-drive", f"if=virtio,format=raw,cache=writeback,file={self.disk.path}", "-serial", f"file:{self.console}",
            # The watchdog counts this machine's seconds, and an emulator may get no processor for longer than the 15 that a system on a board never misses.
            "-watchdog-action", "none",
        ]

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
        for _ in range(3):
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds)
            if done.returncode != 255 or "kex_exchange_identification" not in done.stderr:
                break
            time.sleep(5)  # Reset before anything was said, so nothing was done either.
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

    def end_by(self, command, seconds=180):
        """Gives a command that ends the system, and waits until it has; for boards that have no button. Returns how long that took."""
        given = time.monotonic()
        try:
            self.run(command, 60)
        except subprocess.TimeoutExpired:
            pass  # The connection may end without a word.
        self.wait_for_end(seconds)
        return time.monotonic() - given

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
        self.wait_for_end(seconds)

    def wait_for_end(self, seconds):
        """Until the board is off."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired as fault:
            raise BoardError(f"the board did not shut down within {seconds} s") from fault

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.pull_plug()


class Pi(Board):
    """One power-on of a Raspberry Pi 3. Its own firmware is not emulated: what config.txt names, U-Boot and the device tree, is taken from the image as it would take it."""

    FORWARDED = (22, 1883, 7512)
    CARD = "usb-net"

    def machine(self):
        for name in ("u-boot-rpi-3.bin", "bcm2837-rpi-3-b.dtb"):
            self.disk.take(name, os.path.join(self.folder, name))
        chips = ["-device", "tmp105,bus=i2c-bus.1,address=0x48,id=thermometer"] if self.has_bus() else []
        return [
            # This board has four processors and a gigabyte, whatever the machine around it has.
            "qemu-system-aarch64", "-M", "raspi3b", "-accel", "tcg,thread=multi", "-kernel", os.path.join(self.folder, "u-boot-rpi-3.bin"),
            "-dtb", os.path.join(self.folder, "bcm2837-rpi-3-b.dtb"), "-drive", f"if=sd,format=raw,cache=writeback,file={self.disk.path}",
            # The console is the second serial port, the "mini UART".
            "-serial", "null", "-serial", f"file:{self.console}", *chips,
            # A reset ends it: the emulated USB, and with it the network, does not survive one.
            "-no-reboot",
        ]

    @staticmethod
    def has_bus():
        """Whether QEMU's board has an I2C bus, and with it a thermometer: since 9.0."""
        said = subprocess.run(["qemu-system-aarch64", "--version"], check=True, capture_output=True, text=True).stdout
        return int(re.search(r"version (\d+)", said).group(1)) >= 9
