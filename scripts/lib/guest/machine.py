"""A guest under QEMU: QMP for the hardware's side, a shell over the second serial port for the guest's own."""
import base64
import json
import os
import select
import shlex
import signal
import socket
import subprocess
import time


class GuestError(Exception):
    """The guest or QEMU did not do what it was told."""


class Line:
    """A socket read by lines, each within its time."""

    def __init__(self, path, alive, seconds=30):
        deadline = time.monotonic() + seconds
        while True:
            self.socket = socket.socket(socket.AF_UNIX)
            try:
                self.socket.connect(path)
                break
            except OSError:
                self.socket.close()
                alive()
                if time.monotonic() > deadline:
                    raise GuestError(f"QEMU does not open {path}")
                time.sleep(0.05)
        self.rest = b""

    def send(self, line):
        try:
            self.socket.sendall(line.encode() + b"\n")
        except OSError as fault:
            raise GuestError("the machine has ended") from fault

    def receive(self, deadline):
        while b"\n" not in self.rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                raise GuestError("no answer in time")
            more = self.socket.recv(65536)
            if not more:
                raise GuestError("the machine has ended")
            self.rest += more
        line, self.rest = self.rest.split(b"\n", 1)
        return line.decode("utf-8", "replace").strip("\r")

    def skip(self):
        """Drops what has come."""
        while select.select([self.socket], [], [], 0)[0] and self.socket.recv(65536):
            pass
        self.rest = b""

    def close(self):
        self.socket.close()


class Machine:
    """One QEMU process, from start to kill. Its sockets and logs are in a folder that the caller removes; files that it is to inherit are open, by their numbers."""

    def __init__(self, arguments, folder, inherited=()):
        self.folder = folder
        self.console = os.path.join(folder, "console.log")
        self.log = os.path.join(folder, "qemu.log")
        agent, control = os.path.join(folder, "agent"), os.path.join(folder, "qmp")
        command = [*arguments, "-display", "none", "-monitor", "none", "-no-reboot",
                   "-serial", f"file:{self.console}",
                   "-chardev", f"socket,id=agent,path={agent},server=on,wait=off", "-serial", "chardev:agent",
                   "-qmp", f"unix:{control},server=on,wait=off"]
        self.started = time.monotonic()
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, pass_fds=inherited)
        self.agent = self.control = None
        self.turn = 0
        try:
            self.agent = Line(agent, self.check_alive)
            self.control = Line(control, self.check_alive)
            self.control.receive(time.monotonic() + 30)
            self.qmp("qmp_capabilities")
        except BaseException:
            self.kill()
            raise

    def check_alive(self):
        if self.process.poll() is not None:
            with open(self.log, errors="replace") as log:
                raise GuestError(f"QEMU ended with {self.process.returncode}: {log.read().strip()}")

    def wait_until_up(self, seconds):
        """Until the guest's init has set up its hardware and listens. Returns the seconds since QEMU was started."""
        deadline = time.monotonic() + seconds
        while not self.agent.receive(deadline).endswith("agent up"):  # Firmware and boot loader speak on the same line, and need not end theirs.
            pass
        return time.monotonic() - self.started

    def forget(self):
        """Passes over what the guest has said until now: that of a start that is over."""
        self.agent.skip()

    def run(self, script, seconds=60):
        """Runs shell commands in the guest; returns exit code and output."""
        self.turn += 1
        self.check_alive()
        self.agent.send(f"{self.turn} {base64.b64encode(script.encode()).decode()}")
        deadline = time.monotonic() + seconds
        while True:
            try:
                words = self.agent.receive(deadline).split(" ")
            except GuestError as fault:
                raise GuestError(f"in the guest: {script}: {fault}") from fault
            if words[0] == str(self.turn):
                return int(words[1]), base64.b64decode(words[2] if len(words) > 2 else "").decode("utf-8", "replace").rstrip("\n")

    def sh(self, script, seconds=60):
        """Runs shell commands that must succeed; returns their output."""
        code, said = self.run(script, seconds)
        if code != 0:
            raise GuestError(f"in the guest: {script}: exit code {code}: {said}")
        return said

    def write(self, path, text):
        """Writes into a file of the guest as it is, which is how sysfs wants it."""
        self.sh(f"printf %s {shlex.quote(text)} > {shlex.quote(path)}")

    def qmp(self, command, **arguments):
        """One command to QEMU itself; returns what it answers."""
        self.control.send(json.dumps({"execute": command, "arguments": arguments}))
        deadline = time.monotonic() + 30
        while True:
            answer = json.loads(self.control.receive(deadline))
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise GuestError(f"{command}: {answer['error']['desc']}")

    def kill(self):
        """Ends QEMU by its process id, whatever it is doing, and waits for its end."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        for line in (self.agent, self.control):
            if line is not None:
                line.close()
