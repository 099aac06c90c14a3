"""Boots the image for Raspberry Pis in an emulator, through its own boot loader, and looks at what it does. Without a gateway in it everything but the gateway."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "guest"))
from board import Pi  # noqa: E402
from box import BoxProof  # noqa: E402

WITHOUT = "the image was built without it, for want of .NET's runtime for arm64"
# QEMU's raspi3b resets as soon as its watchdog is armed, whatever time it was given. The file is put where /etc keeps what differs from the image.
UNWATCHED = {"/etc/upper/systemd/system.conf.d/90-emulator.conf": "[Manager]\nRuntimeWatchdogSec=off\nRebootWatchdogSec=off\n"}


class PiProof(BoxProof):
    def run(self):
        with open(self.key + ".pub") as key:
            # What the owner's file would have done, had the image a gateway to read it.
            self.disk.write_into_data({"/root/.ssh/authorized_keys": key.read(), **UNWATCHED}, self.folder)
        with Pi(self.disk, self.folder, self.key, self.cable) as board:
            self.boot_loader(board)

        # The plug was pulled. What the script has saved keeps U-Boot from the USB, which the emulated board would not give back to the kernel.
        with Pi(self.disk, self.folder, self.key, self.cable) as board:
            self.boot_chain(board)
            self.running(board)
            self.inside(board)
            before = self.identity(board)
            self.report.claim("it resets the board when it is told to restart", True, f"after {board.end_by('systemctl reboot', self.patience):.0f} s")
        with Pi(self.disk, self.folder, self.key, self.cable) as board:
            board.wait("SSH", lambda: self.try_ssh(board), self.patience, 3)
            self.has_stayed(board, before)
            self.again(board)
            self.report.claim("it shuts down", True, f"after {board.end_by('systemctl poweroff', self.patience):.0f} s")
        self.clean()

    def boot_loader(self, board):
        board.wait("slot from U-Boot", lambda: "Kuzzle.Edge: starting slot A" in board.screen(), self.patience)
        self.report.claim("U-Boot runs the image's script and takes slot A", True, f"after {board.seconds():.0f} s, {board.processor_seconds():.0f} s of processor time")

    def boot_chain(self, board):
        board.wait("SSH", lambda: self.try_ssh(board), self.patience, 3)
        self.report.figure("power-on to a login by SSH, first start", f"{board.seconds():.0f} s, {board.processor_seconds():.0f} s of processor time")
        self.report.fact("kernel", board.sh("uname -srm; cat /proc/device-tree/model | tr -d '\\0'").replace("\n", "; "))
        line = board.sh("cat /proc/cmdline")
        self.report.claim("the kernel of that slot runs, on the slot's file system", "rauc.slot=A" in line and board.sh("uname -m") == "aarch64", line)

    def inside(self, board):
        self.gateway = board.run("test -x /usr/bin/kuzzle-edge")[0] == 0
        if self.gateway:
            self.first_connack(board, "first start")
        else:
            self.report.skip("the gateway answers", WITHOUT)
        self.system(board)
        self.found(board, board.sh("hostname"))
        self.report.figure("memory used", board.sh("free -m | awk '/^Mem/ { print $3 \" of \" $2 \" MB\" }'"))
        self.chip(board)
        lines = board.sh("gpiodetect")
        self.report.claim("the board's GPIO lines are there", "pinctrl-bcm2835" in lines, lines)
        self.slots(board, 1)

    def chip(self, board):
        claim = "a thermometer at the board's I2C is read by the kernel's driver"
        if not board.has_bus():
            self.report.skip(claim, "the board of this QEMU has no I2C; since 9.0 it has")
            return
        board.qmp("qom-set", path="/machine/peripheral/thermometer", property="temperature", value=23500)
        board.sh("echo tmp105 0x48 >/sys/bus/i2c/devices/i2c-1/new_device")
        self.is_same(claim, board.sh("cat /sys/bus/i2c/devices/1-0048/hwmon/hwmon*/temp1_input"), "23500")

    def watched(self, board):
        self.report.skip("the hardware watchdog is on", "the emulated board resets when it is armed")

    def slots(self, board, start):
        """The counters that U-Boot and RAUC share."""
        board.wait("slot A being called good", lambda: self.variables(board).get("BOOT_A_LEFT") == "3", board.seconds() + self.patience, 3)
        self.report.claim(f"the box has called its slot good (start {start})", True, " ".join(f"{name}={value}" for name, value in sorted(self.variables(board).items())))
        status = board.sh("rauc status --output-format=shell")
        booted = re.search(r"RAUC_SYSTEM_BOOTED_BOOTNAME='?(\w+)", status)
        self.report.claim("RAUC knows the slot that runs and the one to start next", booted is not None and booted.group(1) == "A" and "RAUC_BOOT_PRIMARY='rootfs.0'" in status,
                          "; ".join(line for line in status.split("\n") if re.match("RAUC_(SYSTEM|BOOT)_", line)))

    def variables(self, board):
        said = board.sh("fw_printenv")
        return dict(line.split("=", 1) for line in said.split("\n") if line.startswith("BOOT_"))

    def again(self, board):
        self.report.figure("power-on to a login by SSH, second start", f"{board.seconds():.0f} s")
        self.logs(board, 2)
        self.slots(board, 2)
        self.running(board)


if __name__ == "__main__":
    PiProof.main("The image for Raspberry Pis, booted", patience=1800)
